/// An application of an operator.
struct NodeProto: Sendable {
    var name = "", operatorType = "", domain = ""
    /// The names of tensors; empty where one is left out.
    var inputs: [String] = [], outputs: [String] = []
    var attributes: [AttributeProto] = []

    /// Reads the message.
    init(_ message: WireReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: inputs.append(try message.text(field))
            case 2: outputs.append(try message.text(field))
            case 3: name = try message.text(field)
            case 4: operatorType = try message.text(field)
            case 5: attributes.append(try AttributeProto(message.message(in: field, "AttributeProto")))
            case 7: domain = try message.text(field)
            default: break
            }
        }
    }

    /// The attribute of a name.
    func attribute(_ name: String) -> AttributeProto? { attributes.first { $0.name == name } }

    /// What people call the node: its name, or its first output's.
    var label: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? operatorType : name }
}
