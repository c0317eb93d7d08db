import TestSupport

/// A protobuf message as a tree, as far as the bytes are one: what changes in it keeps all lengths right.
struct ProtobufTree {
    /// Fields of a message that are messages, by their numbers, with the names of those.
    typealias Schema = [String: [UInt64: String]]

    /// The messages of ONNX that hold others.
    static let onnx: Schema = [
        "Model": [7: "Graph", 8: "OperatorSet", 25: "Function"],
        "Graph": [1: "Node", 5: "Tensor", 11: "Value", 12: "Value", 13: "Value"],
        "Node": [5: "Attribute"], "Attribute": [5: "Tensor", 6: "Graph"],
        "Function": [7: "Node", 9: "OperatorSet", 11: "Attribute"], "Tensor": [13: "Entry"],
        "Value": [2: "Type"], "Type": [1: "TensorType"], "TensorType": [2: "Shape"], "Shape": [1: "Size"],
    ]

    indirect enum Content {
        case number(UInt64)
        case bytes([UInt8])
        case message(ProtobufTree)
        /// Of a fixed size.
        case fixed([UInt8])
    }

    let kind: String
    var fields: [(number: UInt64, content: Content)] = []
    /// What cannot be read.
    var rest: [UInt8] = []

    private static let depthLimit = 100

    init(_ bytes: ArraySlice<UInt8>, _ kind: String, _ schema: Schema, depth: Int = 0) {
        self.kind = kind
        var place = bytes.startIndex
        func varint() -> UInt64? {
            var number: UInt64 = 0, shift: UInt64 = 0
            while place < bytes.endIndex, shift < 70 {
                let byte = bytes[place]
                place += 1
                if shift < 64 { number |= UInt64(byte & 0x7F) << shift }
                if byte < 0x80 { return number }
                shift += 7
            }
            return nil
        }
        func take(_ count: Int) -> ArraySlice<UInt8> {
            defer { place = min(place + count, bytes.endIndex) }
            return bytes[place..<min(place + count, bytes.endIndex)]
        }
        while place < bytes.endIndex {
            let start = place
            guard let key = varint() else {
                rest = Array(bytes[start...])
                return
            }
            switch key & 7 {
            case 0: fields.append((key >> 3, .number(varint() ?? 0)))
            case 1: fields.append((key >> 3, .fixed(Array(take(8)))))
            case 5: fields.append((key >> 3, .fixed(Array(take(4)))))
            case 2:
                let size = Int(min(varint() ?? 0, UInt64(bytes.endIndex - place))), part = take(size)
                if let inner = schema[kind]?[key >> 3], depth < Self.depthLimit {
                    fields.append((key >> 3, .message(ProtobufTree(part, inner, schema, depth: depth + 1))))
                } else {
                    fields.append((key >> 3, .bytes(Array(part))))
                }
            default:
                rest = Array(bytes[start...])
                return
            }
        }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func varint(_ number: UInt64) {
            var rest = number
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        for (number, content) in fields {
            switch content {
            case .number(let value):
                varint(number << 3)
                varint(value)
            case .fixed(let part):
                varint(number << 3 | (part.count == 8 ? 1 : 5))
                bytes +=
                    part
                    + [UInt8](
                        repeating: 0,
                        count: part.count == 8 || part.count == 4 ? 0 : 4 - part.count % 4
                    )
            case .bytes(let part):
                varint(number << 3 | 2)
                varint(UInt64(part.count))
                bytes += part
            case .message(let tree):
                let part = tree.bytes
                varint(number << 3 | 2)
                varint(UInt64(part.count))
                bytes += part
            }
        }
        return bytes + rest
    }

    /// Changes a field somewhere in the tree.
    mutating func change(_ random: inout Randomness) {
        guard !fields.isEmpty else { return }
        let place = random.below(fields.count)
        if case .message(var tree) = fields[place].content, !random.isOne(in: 8) {
            tree.change(&random)
            fields[place].content = .message(tree)
            return
        }
        switch random.below(6) {
        case 0: fields.remove(at: place)
        case 1: fields.insert(fields[place], at: random.below(fields.count + 1))
        case 2: fields.swapAt(place, random.below(fields.count))
        case 3:
            // What another field of this number says.
            let alike = fields.indices.filter { fields[$0].number == fields[place].number }
            fields[place].content = fields[random.one(of: alike)].content
        default:
            switch fields[place].content {
            case .number(let old):
                let edges: [UInt64] = [
                    0, 1, 2, 3, 7, 16, old &+ 1, old &- 1, .max, 1 << 63, 1 << 62, 1 << 31, 1 << 24, 1 << 20,
                    1000,
                ]
                fields[place].content = .number(random.one(of: edges))
            case .bytes(var part):
                if part.isEmpty { return }
                part[random.below(part.count)] = UInt8(truncatingIfNeeded: random.next())
                fields[place].content = .bytes(part)
            case .fixed(let part):
                fields[place].content = .fixed(part.map { _ in UInt8(random.below(256)) })
            case .message: fields[place].number = UInt64(1 + random.below(26))
            }
        }
    }

    /// Gives tensors the bytes that their types and shapes ask for.
    mutating func fillTensors() {
        for place in fields.indices {
            guard case .message(var tree) = fields[place].content else { continue }
            tree.fillTensors()
            fields[place].content = .message(tree)
        }
        guard kind == "Tensor" else { return }
        var count = 1.0, type: UInt64 = 1
        for (number, content) in fields {
            switch content {
            case .number(let value) where number == 1: count *= Double(value)
            case .number(let value) where number == 2: type = value
            default: break
            }
        }
        let sizes: [UInt64: Double] = [
            1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2, 21: 0.5,
            22: 0.5,
        ]
        let size = (count * (sizes[type] ?? 1)).rounded(.up)
        guard size < Double(Mutator.largestInput), let place = fields.firstIndex(where: { $0.number == 9 }),
            case .bytes(let old) = fields[place].content
        else { return }
        let room = Int(size)
        fields[place].content = .bytes(Array(old.prefix(room)) + noise(max(room - old.count, 0)))
    }
}
