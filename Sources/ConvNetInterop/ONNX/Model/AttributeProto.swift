/// A setting of a node.
struct AttributeProto: Sendable {
    var name = ""
    var integer: Int64?
    var float: Float?
    /// Bytes that are mostly text.
    var text: String?
    var tensor: TensorProto?
    var graph: GraphProto?
    var integers: [Int64] = []
    var floats: [Float] = []
    var texts: [String] = []
    /// The attribute of the function at hand that this one stands for.
    var reference: String?
    /// The code of the type, as the file has it: 0 if it says nothing.
    var kind: Int64 = 0

    /// Reads the message.
    init(_ message: WireReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: name = try message.text(field)
            case 2: float = try message.float(field)
            case 3: integer = try message.integer(field)
            case 4: text = try message.text(field)
            case 5: tensor = try TensorProto(message.message(in: field, "TensorProto"))
            case 6: graph = try GraphProto(message.message(in: field, "GraphProto"))
            case 7:
                floats += try message.file.floats(message.fixedBytes(field, size: 4))
            case 8: integers += try message.integers(field)
            case 9: texts.append(try message.text(field))
            case 20: kind = try message.integer(field)
            case 21: reference = try message.text(field)
            default: break
            }
        }
    }
}
