import SwiftConvNet

extension IDXFile {
    /// The elements as bytes with the shape of the file, which are normalised to 0...1 while a batch is
    /// gathered.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the elements are not unsigned bytes.
    public var byteTensor: ByteTensor {
        get throws {
            guard elementType == .uint8 else { throw wrongType(expected: "uint8") }
            return try ByteTensor(bytes, shape: shape)
        }
    }

    /// The elements as classes.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is more than one axis or the elements are not
    ///   integers; of kind `environment` if there is not enough memory.
    public var labels: Labels {
        get throws {
            guard shape.rank == 1 else {
                throw ConvNetError(
                    .format,
                    "Labels have one axis",
                    at: name,
                    expected: "the shape [labels]",
                    received: "\(shape)"
                )
            }
            switch elementType {
            case .uint8: return try Labels(elements { (byte: UInt8) -> Int32 in Int32(byte) })
            case .int8:
                return try Labels(elements { (byte: UInt8) -> Int32 in Int32(Int8(bitPattern: byte)) })
            case .int16:
                return try Labels(elements { (bits: UInt16) -> Int32 in Int32(Int16(bitPattern: bits)) })
            case .int32: return try Labels(elements { (bits: UInt32) -> Int32 in Int32(bitPattern: bits) })
            case .float32, .float64: throw wrongType(expected: "an integer type")
            }
        }
    }

    /// The elements as numbers, as they are: bytes give 0 to 255. Numbers of 64 bits are rounded.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shape does not fit in memory as `Float`, of kind `environment` if there
    ///   is not enough.
    public var tensor: Tensor {
        get throws {
            let shape = try shape.validated(as: name)
            let values: [Float] =
                switch elementType {
                case .uint8: try elements { (byte: UInt8) in Float(byte) }
                case .int8: try elements { (byte: UInt8) in Float(Int8(bitPattern: byte)) }
                case .int16: try elements { (bits: UInt16) in Float(Int16(bitPattern: bits)) }
                case .int32: try elements { (bits: UInt32) in Float(Int32(bitPattern: bits)) }
                case .float32: try elements { (bits: UInt32) in Float(bitPattern: bits) }
                case .float64: try elements { (bits: UInt64) in Float(Double(bitPattern: bits)) }
                }
            // Here, for errors of tensors do not name the file.
            try MemoryCheck.require(values.count * MemoryLayout<Float>.stride, for: name)
            return try Tensor(shape: shape) { destination in
                _ = destination.update(fromContentsOf: values)
            }
        }
    }

    /// What `value` makes of the elements.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    private func elements<Bits: FixedWidthInteger, Value>(_ value: (Bits) -> Value) throws -> [Value] {
        let size = MemoryLayout<Bits>.size, count = bytes.count / size
        try MemoryCheck.require(count * MemoryLayout<Value>.stride, for: name)
        return bytes.withUnsafeBytes { raw in
            (0..<count).map {
                value(Bits(bigEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self)))
            }
        }
    }

    func wrongType(expected: String) -> ConvNetError {
        ConvNetError(
            .format,
            "Wrong type of elements",
            at: "\(name), byte 2",
            expected: expected,
            received: "\(elementType)"
        )
    }
}
