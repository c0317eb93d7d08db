/// An input or an output of a graph: its name, the type of its elements and its shape, as far as the file says.
struct ValueInfoProto: Sendable {
    /// A size: a number, or a name for one that is known later.
    enum Size: Sendable, Hashable {
        case number(Int)
        case name(String)
        case unknown
    }

    var name = ""
    var type: ONNXType?
    /// `nil` if the file says nothing of the shape.
    var sizes: [Size]?

    /// Reads the message.
    init(_ message: WireReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: name = try message.text(field)
            case 2: try readType(message.message(in: field, "TypeProto"))
            default: break
            }
        }
    }

    private mutating func readType(_ message: WireReader) throws {
        var message = message
        while let field = try message.next() {
            guard field.number == 1 else { continue }
            var tensor = try message.message(in: field, "TypeProto.Tensor")
            while let field = try tensor.next() {
                switch field.number {
                case 1: type = ONNXType(rawValue: Int(truncatingIfNeeded: try tensor.integer(field)))
                case 2: try readShape(tensor.message(in: field, "TensorShapeProto"))
                default: break
                }
            }
        }
    }

    private mutating func readShape(_ message: WireReader) throws {
        var message = message
        var sizes: [Size] = []
        while let field = try message.next() {
            guard field.number == 1 else { continue }
            var dimension = try message.message(in: field, "TensorShapeProto.Dimension")
            var size = Size.unknown
            while let part = try dimension.next() {
                switch part.number {
                case 1:
                    let number = try dimension.integer(part)
                    size = number > 0 ? .number(Int(number)) : number == 0 ? .number(0) : .unknown
                case 2:
                    let name = try dimension.text(part)
                    size = name.isEmpty ? .unknown : .name(name)
                default: break
                }
            }
            guard sizes.count < TensorProto.axisLimit else {
                throw message.error("A shape has too many axes", field.offset)
            }
            sizes.append(size)
        }
        self.sizes = sizes
    }
}
