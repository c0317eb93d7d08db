/// A graph of nodes with its constants.
struct GraphProto: Sendable {
    var name = ""
    var nodes: [NodeProto] = []
    var initializers: [TensorProto] = []
    var inputs: [ValueInfoProto] = [], outputs: [ValueInfoProto] = []
    /// What the file says of tensors between nodes.
    var values: [ValueInfoProto] = []
    /// Whether it has sparse initializers, which nothing here reads.
    var hasSparseInitializers = false

    /// Reads the message.
    init(_ message: WireReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: nodes.append(try NodeProto(message.message(in: field, "NodeProto")))
            case 2: name = try message.text(field)
            case 5: initializers.append(try TensorProto(message.message(in: field, "TensorProto")))
            case 11: inputs.append(try ValueInfoProto(message.message(in: field, "ValueInfoProto")))
            case 12: outputs.append(try ValueInfoProto(message.message(in: field, "ValueInfoProto")))
            case 13: values.append(try ValueInfoProto(message.message(in: field, "ValueInfoProto")))
            case 15: hasSparseInitializers = true
            default: break
            }
        }
    }
}
