import ConvNetInterop

/// Makes small ONNX files for tests.
struct ONNXBuilder {
    enum Attribute {
        case integer(Int)
        case float(Float)
        case text(String)
        case integers([Int])
        case floats([Float])
        /// A graph: a branch of an `If`.
        case graph(ONNXBuilder)
    }

    enum Size {
        case number(Int)
        case name(String)
    }

    private var graph = WireWriter()
    private var functions: [[UInt8]] = []
    var opset = 17

    mutating func input(_ name: String, _ sizes: [Size], type: Int = 1) { port(11, name, sizes, type) }
    mutating func output(_ name: String, _ sizes: [Size] = [], type: Int = 1) { port(12, name, sizes, type) }

    mutating func node(
        _ type: String,
        _ inputs: [String],
        _ outputs: [String],
        name: String = "",
        domain: String = "",
        _ attributes: KeyValuePairs<String, Attribute> = [:]
    ) {
        graph.message(1) { node in
            for input in inputs { node.text(1, input) }
            for output in outputs { node.text(2, output) }
            node.text(3, name)
            node.text(4, type)
            for (name, attribute) in attributes {
                node.message(5) { message in
                    message.text(1, name)
                    switch attribute {
                    case .float(let number):
                        message.float(2, number)
                        message.integer(20, 1)
                    case .integer(let number):
                        message.integer(3, number)
                        message.integer(20, 2)
                    case .text(let text):
                        message.text(4, text)
                        message.integer(20, 3)
                    case .floats(let numbers):
                        message.content(7, Self.bytes(numbers))
                        message.integer(20, 6)
                    case .integers(let numbers):
                        for number in numbers { message.integer(8, number) }
                        message.integer(20, 7)
                    case .graph(let body):
                        message.content(6, body.graph.bytes)
                        message.integer(20, 5)
                    }
                }
            }
            if !domain.isEmpty { node.text(7, domain) }
        }
    }

    mutating func initializer(_ name: String, _ dims: [Int], floats: [Float]) {
        graph.message(5) { tensor in
            for size in dims { tensor.integer(1, size) }
            tensor.integer(2, 1)
            tensor.text(8, name)
            tensor.content(9, Self.bytes(floats))
        }
    }

    mutating func initializer(_ name: String, _ dims: [Int]? = nil, integers: [Int]) {
        graph.message(5) { tensor in
            for size in dims ?? [integers.count] { tensor.integer(1, size) }
            tensor.integer(2, 7)
            for number in integers { tensor.integer(7, number) }
            tensor.text(8, name)
        }
    }

    /// A tensor whose elements are in another file.
    mutating func external(
        _ name: String,
        _ dims: [Int],
        location: String,
        offset: Int? = nil,
        length: Int? = nil
    ) {
        graph.message(5) { tensor in
            for size in dims { tensor.integer(1, size) }
            tensor.integer(2, 1)
            tensor.text(8, name)
            let entries = [
                ("location", location), ("offset", offset.map(String.init)),
                ("length", length.map(String.init)),
            ]
            for case (let key, let value?) in entries {
                tensor.message(13) { entry in
                    entry.text(1, key)
                    entry.text(2, value)
                }
            }
            tensor.integer(14, 1)
        }
    }

    private static func bytes(_ floats: [Float]) -> [UInt8] {
        floats.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    }

    /// A function of the domain `local` with one input and one output, which applies operators one after the other.
    mutating func function(_ name: String, applying operators: [(type: String, domain: String)]) {
        var function = WireWriter()
        function.text(1, name)
        function.text(4, "x0")
        function.text(5, "x\(operators.count)")
        for (index, applied) in operators.enumerated() {
            function.message(7) { node in
                node.text(1, "x\(index)")
                node.text(2, "x\(index + 1)")
                node.text(4, applied.type)
                node.text(7, applied.domain)
            }
        }
        function.text(10, "local")
        functions.append(function.bytes)
    }

    /// The file.
    var bytes: [UInt8] {
        var model = WireWriter()
        model.integer(1, 8)
        model.content(7, graph.bytes)
        model.message(8) { $0.integer(2, opset) }
        for function in functions { model.content(25, function) }
        return model.bytes
    }

    private mutating func port(_ field: UInt64, _ name: String, _ sizes: [Size], _ type: Int) {
        graph.message(field) { port in
            port.text(1, name)
            port.message(2) { kind in
                kind.message(1) { tensor in
                    tensor.integer(1, type)
                    tensor.message(2) { shape in
                        for size in sizes {
                            shape.message(1) { dimension in
                                switch size {
                                case .number(let number): dimension.integer(1, number)
                                case .name(let name): dimension.text(2, name)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
