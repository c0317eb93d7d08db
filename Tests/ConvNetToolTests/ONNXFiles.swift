import ConvNetInterop

extension Tool {
    /// Writes an ONNX file of one node that reads `x`, and returns its path.
    ///
    /// - Parameters:
    ///   - sizes: of the axes of `x`: numbers, or names.
    ///   - weights: an initializer that the node reads, too: its sizes; all its elements are 0.5.
    ///   - attributes: of the node: lists of whole numbers.
    func onnx(
        _ name: String,
        _ node: String,
        _ sizes: [String],
        weights: [Int]? = nil,
        _ attributes: KeyValuePairs<String, [Int]> = [:]
    ) throws -> String {
        var graph = WireWriter()
        graph.message(1) { message in
            for input in ["x"] + (weights == nil ? [] : ["w"]) { message.text(1, input) }
            message.text(2, "y")
            message.text(3, "node")
            message.text(4, node)
            for (key, numbers) in attributes {
                message.message(5) { attribute in
                    attribute.text(1, key)
                    for number in numbers { attribute.integer(8, number) }
                    attribute.integer(20, 7)
                }
            }
        }
        if let weights {
            let bytes = withUnsafeBytes(of: Float(0.5).bitPattern.littleEndian) { Array($0) }
            graph.message(5) { tensor in
                for size in weights { tensor.integer(1, size) }
                tensor.integer(2, 1)
                tensor.text(8, "w")
                tensor.content(9, (0..<weights.reduce(1, *)).flatMap { _ in bytes })
            }
        }
        for (field, port, sizes) in [(UInt64(11), "x", sizes), (12, "y", [])] {
            graph.message(field) { value in
                value.text(1, port)
                value.message(2) { type in
                    type.message(1) { tensor in
                        tensor.integer(1, 1)
                        guard !sizes.isEmpty else { return }
                        tensor.message(2) { shape in
                            for size in sizes {
                                shape.message(1) { axis in
                                    if let number = Int(size) {
                                        axis.integer(1, number)
                                    } else {
                                        axis.text(2, size)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        var model = WireWriter()
        model.integer(1, 8)
        model.content(7, graph.bytes)
        model.message(8) { $0.integer(2, 17) }
        try AtomicFile.write(model.bytes, to: self(file: name))
        return self(file: name)
    }
}
