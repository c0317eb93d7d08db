import SwiftConvNet

/// A node of the file.
struct ExportedNode {
    enum Attribute {
        case integer(Int)
        case float(Float)
        case text(String)
        case integers([Int])
    }

    /// Types that only arrange values for other nodes.
    fileprivate static let arranging: Set = ["Transpose", "Reshape", "Shape", "Concat", "Expand", "Cast"]

    /// The path of the layer whose work it does.
    let layer: String
    let type: String
    var name = ""
    var inputs: [String]
    var outputs: [String]
    let attributes: [(name: String, value: Attribute)]

    /// Has what it reads and makes of a name under another one.
    mutating func rename(_ name: String, _ new: String) {
        inputs = inputs.map { $0 == name ? new : $0 }
        outputs = outputs.map { $0 == name ? new : $0 }
    }

    /// Writes a `NodeProto`.
    func write(to message: inout WireWriter) {
        for input in inputs { message.text(1, input) }
        for output in outputs { message.text(2, output) }
        message.text(3, name)
        message.text(4, type)
        for attribute in attributes {
            message.message(5) { field in
                field.text(1, attribute.name)
                switch attribute.value {
                case .float(let number):
                    field.float(2, number)
                    field.integer(20, 1)
                case .integer(let number):
                    field.integer(3, number)
                    field.integer(20, 2)
                case .text(let text):
                    field.text(4, text)
                    field.integer(20, 3)
                case .integers(let numbers):
                    // Not packed, as ONNX' definition of the message has it.
                    for number in numbers { field.integer(8, number) }
                    field.integer(20, 7)
                }
            }
        }
    }
}

extension [ExportedNode] {
    /// Gives each node a name: the layer's to the first that computes something, the layer's with its type to the others.
    mutating func setNames() {
        var taken: Set<String> = []
        let groups = Dictionary(grouping: indices) { self[$0].layer }
        for place in groups.values.compactMap({ places in
            places.first { !ExportedNode.arranging.contains(self[$0].type) } ?? places.first
        }) {
            self[place].name = self[place].layer
            taken.insert(self[place].layer)
        }
        for place in indices where self[place].name.isEmpty {
            self[place].name = Names.free("\(self[place].layer)/\(self[place].type)", &taken)
        }
    }
}

/// Names that no two things share.
enum Names {
    /// The name, with a number if it is taken; it is taken then.
    static func free(_ name: String, _ taken: inout Set<String>) -> String {
        var free = name, number = 1
        while !taken.insert(free).inserted {
            free = "\(name)_\(number)"
            number += 1
        }
        return free
    }
}
