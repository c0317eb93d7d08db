extension SafeTensors {
    /// An array to be written: what the header says of it, and what writes its elements.
    package struct Content {
        let name: String
        let shape: Shape
        let write: (FileWriter) throws -> Void

        /// The elements of a tensor.
        package init(name: String, tensor: Tensor) {
            self.name = name
            shape = tensor.shape
            write = { file in
                try tensor.withUnsafeBufferPointer { try file.write(UnsafeRawBufferPointer($0)) }
            }
        }

        /// Elements that stay where they are until they are written, in memory that `owner` keeps.
        package init(name: String, shape: Shape, values: UnsafePointer<Float>, owner: AlignedBuffer) {
            self.name = name
            self.shape = shape
            write = { file in
                try withExtendedLifetime(owner) {
                    let count = shape.elementCount * MemoryLayout<Float>.stride
                    try file.write(UnsafeRawBufferPointer(start: values, count: count))
                }
            }
        }
    }

    /// Writes tensors into a file, which is whole at every moment: the old one until the new one is.
    ///
    /// The same tensors and metadata give the same bytes: arrays and metadata are sorted by name.
    ///
    /// - Parameters:
    ///   - tensors: the arrays by their names.
    ///   - metadata: words about them.
    ///   - path: where the file is to be.
    /// - Throws: `ConvNetError` of kind `file` if it cannot be written; of kind `argument` for a name that the format
    ///   keeps for itself, more names than it can hold, or a path whose ending belongs to another format (`.npz`, say).
    public static func write(_ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String)
        throws
    {
        try write(tensors.map { Content(name: $0.key, tensor: $0.value) }, metadata: metadata, to: path)
    }

    /// Writes arrays straight from where they are; nothing of them is copied.
    package static func write(_ contents: [Content], metadata: [String: String], to path: String) throws {
        try FileKind.checkNameOfSafeTensors(path)
        let sorted = contents.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let header = try header(of: sorted, metadata: metadata)
        try AtomicFile.write(to: path) { file in
            try file.write(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
            try file.write(header)
            for content in sorted { try content.write(file) }
        }
    }

    /// The header of sorted arrays, padded with spaces so that the arrays begin on a multiple of eight bytes.
    private static func header(of contents: [Content], metadata: [String: String]) throws -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let words = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            members.append(
                quoted(metadataKey) + ":{"
                    + words.map { quoted($0.key) + ":" + quoted($0.value) }.joined(separator: ",") + "}"
            )
        }
        var names: Set<String> = [metadataKey]
        var end = 0
        for content in contents {
            guard names.insert(content.name).inserted else {
                throw ConvNetError(
                    .argument,
                    "An array's name must be its own",
                    at: "SafeTensors",
                    expected: "a name that no other array has, and not \(metadataKey)",
                    received: "\"\(content.name)\""
                )
            }
            let begin = end
            end += content.shape.elementCount * MemoryLayout<Float>.stride
            let shape = content.shape.map(String.init).joined(separator: ",")
            members.append(
                quoted(content.name)
                    + ":{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
            )
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        header += repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        guard header.count <= headerLimit else {
            throw ConvNetError(
                .argument,
                "Names and metadata do not fit a safetensors header",
                at: "SafeTensors",
                expected: "at most \(headerLimit) bytes",
                received: "\(header.count)"
            )
        }
        return header
    }

    /// A string in JSON, with as few escapes as JSON allows.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
