/// An ONNX file: a graph, and the versions of the operators that it is made of.
struct ModelProto: Sendable {
    var irVersion: Int64 = 0
    var producer = ""
    var graph: GraphProto?
    var functions: [FunctionProto] = []
    /// The version of the operators of each domain; "" is ONNX' own.
    var operatorSets: [String: Int] = [:]

    /// Reads a file.
    ///
    /// - Throws: `ConvNetError` of kind `format` that names the message, its field and the byte, if it is no ONNX file.
    init(_ file: FileBytes) throws {
        var message = WireReader(file, message: "ModelProto")
        while let field = try message.next() {
            switch field.number {
            case 1: irVersion = try message.integer(field)
            case 2: producer = try message.text(field)
            case 7: graph = try GraphProto(message.message(in: field, "GraphProto"))
            case 8:
                let (domain, version) = try Self.operatorSet(message.message(in: field, "OperatorSetIdProto"))
                operatorSets[domain] = version
            case 25: functions.append(try FunctionProto(message.message(in: field, "FunctionProto")))
            default: break
            }
        }
    }

    /// A domain and its version. ONNX' own domain has two names.
    static func operatorSet(_ message: WireReader) throws -> (domain: String, version: Int) {
        var message = message
        var domain = "", version = 1
        while let field = try message.next() {
            switch field.number {
            case 1: domain = try message.text(field)
            case 2: version = Int(truncatingIfNeeded: try message.integer(field))
            default: break
            }
        }
        return (domain == "ai.onnx" ? "" : domain, version)
    }
}
