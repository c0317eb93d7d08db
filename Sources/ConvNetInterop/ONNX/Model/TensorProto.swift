/// A tensor of an ONNX file: its shape, and where its elements are.
package struct TensorProto: Sendable {
    var name = ""
    package var dims: [Int] = []
    var type: ONNXType = .float
    /// The file that the ranges belong to.
    let file: FileBytes
    /// Elements as the machine has them, least significant byte first.
    var raw: Range<Int>?
    /// Elements in the fields of their types, in parts: floats, doubles, and numbers of variable length.
    var floats: [Range<Int>] = [], doubles: [Range<Int>] = [], varints: [Range<Int>] = []
    /// Where the elements are in another file.
    var external: ExternalData?

    /// The most axes that a tensor may have.
    static let axisLimit = 64

    /// Reads the message; elements stay where they are.
    package init(_ message: WireReader) throws {
        file = message.file
        var message = message
        var isExternal = false, location = ExternalData()
        while let field = try message.next() {
            switch field.number {
            case 1: try appendDims(message.integers(field), message, field)
            case 2:
                let code = try message.integer(field)
                guard let type = ONNXType(rawValue: Int(truncatingIfNeeded: code)) else {
                    throw message.error("An unknown type of elements", field.offset, received: "\(code)")
                }
                self.type = type
            case 4: floats.append(try message.fixedBytes(field, size: 4))
            case 5, 7, 11: varints.append(field.range)
            case 8: name = try message.text(field)
            case 9: raw = try message.bytes(field)
            case 10: doubles.append(try message.fixedBytes(field, size: 8))
            case 13: try location.read(message.message(in: field, "StringStringEntryProto"))
            case 14: isExternal = try message.integer(field) == 1
            default: break
            }
        }
        if isExternal { external = location }
    }

    /// The number of elements.
    var count: Int { dims.reduce(1, *) }

    private mutating func appendDims(_ sizes: [Int64], _ message: WireReader, _ field: WireField) throws {
        // Without the zeros: axes may change places, and sizes are multiplied in any order.
        var product = dims.reduce(1) { $0 * max($1, 1) }
        for size in sizes {
            guard let size = Int(exactly: size), size >= 0,
                case let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1)), !overflow,
                next < Int.max / 64, dims.count < Self.axisLimit
            else {
                throw message.error(
                    "Not the shape of a tensor",
                    field.offset,
                    expected: "at most \(Self.axisLimit) sizes of at least 0 with a product that fits",
                    received: "\(dims) and \(size)"
                )
            }
            product = next
            dims.append(size)
        }
    }
}
