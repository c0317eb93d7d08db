extension Tensor {
    /// Writes the tensor as a file of NumPy (`.npy`, version 1.0, C order, little endian), which `numpy.load` reads. The
    /// file is whole at every moment: the old one until the new one is.
    ///
    /// ```swift
    /// try images.saveNPY(to: "images.npy")              // float32
    /// try images.saveNPY(to: "small.npy", as: .float16)
    /// ```
    ///
    /// - Parameters:
    ///   - path: where the file is to be.
    ///   - type: what the elements become. Numbers are rounded to floating-point types; integers and truth values must
    ///     be exact. Default: `float32`.
    /// - Throws: `ConvNetError` of kind `data` if an element is not a value of an integer type; of kind `file` if the file
    ///   cannot be written.
    public func saveNPY(to path: String, as type: NumPyFile.ElementType = .float32) throws {
        try AtomicFile.write(to: path) { file in
            try file.write(NumPyFile.header(type, shape))
            try withUnsafeBufferPointer { values in
                if type == .float32 { return try file.write(UnsafeRawBufferPointer(values)) }
                for (index, value) in values.enumerated() {
                    guard let bytes = type.bytes(of: value) else {
                        throw ConvNetError(
                            .data,
                            "An element is no value of the type",
                            at: "saveNPY, element \(index)",
                            expected: "\(type)",
                            received: "\(value)"
                        )
                    }
                    try file.write(bytes)
                }
            }
        }
    }
}

extension Labels {
    /// Writes the classes as a file of NumPy (`.npy`) of type `int32`, as `Tensor.saveNPY(to:as:)` does.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be written.
    public func saveNPY(to path: String) throws {
        try AtomicFile.write(to: path) { file in
            try file.write(NumPyFile.header(.int32, [count]))
            for label in values { try file.write(littleEndian(label)) }
        }
    }
}

extension NumPyFile {
    /// Magic, version and dictionary; elements follow at a multiple of 64 bytes, as NumPy has it.
    package static func header(_ type: ElementType, _ shape: Shape) -> [UInt8] {
        let order = type.size == 1 ? "|" : "<"
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.rank == 1 ? "," : "")
        let text = "{'descr': '\(order)\(type.rawValue)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // 10 bytes before the text and a line feed after it.
        let count = (text.utf8.count + 11 + 63) / 64 * 64 - 10
        let padding = String(repeating: " ", count: count - text.utf8.count - 1)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8 & 0xFF)]
            + Array((text + padding + "\n").utf8)
    }
}

extension NumPyFile.ElementType {
    /// A number as an element, little endian; `nil` if an integer type does not have it.
    fileprivate func bytes(of value: Float) -> [UInt8]? {
        switch self {
        case .bool: value == 0 || value == 1 ? [UInt8(value)] : nil
        case .uint8: UInt8(exactly: value).map(littleEndian)
        case .int8: Int8(exactly: value).map(littleEndian)
        case .uint16: UInt16(exactly: value).map(littleEndian)
        case .int16: Int16(exactly: value).map(littleEndian)
        case .uint32: UInt32(exactly: value).map(littleEndian)
        case .int32: Int32(exactly: value).map(littleEndian)
        case .uint64: UInt64(exactly: value).map(littleEndian)
        case .int64: Int64(exactly: value).map(littleEndian)
        case .float16: littleEndian(HalfPrecision.bits(value))
        case .float32: littleEndian(value.bitPattern)
        case .float64: littleEndian(Double(value).bitPattern)
        }
    }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
