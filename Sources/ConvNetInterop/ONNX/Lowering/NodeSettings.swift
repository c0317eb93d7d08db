/// The attributes of a node, as a layer keeps them in files.
struct NodeSettings: Codable, Sendable, Hashable {
    var integers: [String: Int] = [:]
    var numbers: [String: Float] = [:]
    var texts: [String: String] = [:]
    var integerLists: [String: [Int]] = [:]
    var numberLists: [String: [Float]] = [:]
    var textLists: [String: [String]] = [:]
    var literals: [String: Literal] = [:]

    init() {}

    /// The attributes of a node; those that are graphs are the importer's.
    init(_ attributes: [AttributeProto], folder: String) throws {
        for attribute in attributes {
            let name = attribute.name
            switch attribute.kind {
            case 1: numbers[name] = attribute.float ?? 0
            case 2: integers[name] = Int(attribute.integer ?? 0)
            case 3: texts[name] = attribute.text ?? ""
            case 4:
                guard let tensor = attribute.tensor else { break }
                literals[name] = Literal(tensor.type, tensor.dims, try tensor.numbers(in: folder))
            case 6: numberLists[name] = attribute.floats
            case 7: integerLists[name] = attribute.integers.map { Int($0) }
            case 8: textLists[name] = attribute.texts
            case 0:
                // Files of IR version 1 and 2 do not say the type.
                if let float = attribute.float { numbers[name] = float }
                if let integer = attribute.integer { integers[name] = Int(integer) }
                if let text = attribute.text { texts[name] = text }
                if !attribute.integers.isEmpty { integerLists[name] = attribute.integers.map { Int($0) } }
                if !attribute.floats.isEmpty { numberLists[name] = attribute.floats }
            default: break
            }
        }
    }
}
