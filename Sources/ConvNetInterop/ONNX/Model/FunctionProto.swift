/// An operator that the file defines by a graph of its own.
struct FunctionProto: Sendable {
    var name = "", domain = ""
    var inputs: [String] = [], outputs: [String] = [], attributes: [String] = []
    var defaults: [AttributeProto] = []
    var nodes: [NodeProto] = []
    var operatorSets: [String: Int] = [:]

    /// Reads the message.
    init(_ message: WireReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: name = try message.text(field)
            case 4: inputs.append(try message.text(field))
            case 5: outputs.append(try message.text(field))
            case 6: attributes.append(try message.text(field))
            case 7: nodes.append(try NodeProto(message.message(in: field, "NodeProto")))
            case 9:
                let (domain, version) = try ModelProto.operatorSet(
                    message.message(in: field, "OperatorSetIdProto")
                )
                operatorSets[domain] = version
            case 10: domain = try message.text(field)
            case 11: defaults.append(try AttributeProto(message.message(in: field, "AttributeProto")))
            default: break
            }
        }
    }
}
