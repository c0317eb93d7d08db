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
    ///   integers.
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
            case .uint8: return Labels(bytes.map(Int32.init))
            case .int8: return Labels(bytes.map { Int32(Int8(bitPattern: $0)) })
            case .int16: return Labels(elements(UInt16.self).map { Int32(Int16(bitPattern: $0)) })
            case .int32: return Labels(elements(UInt32.self).map(Int32.init(bitPattern:)))
            case .float32, .float64: throw wrongType(expected: "an integer type")
            }
        }
    }

    /// The elements as numbers, as they are: bytes give 0 to 255. Numbers of 64 bits are rounded.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shape does not fit in memory as `Float`.
    public var tensor: Tensor {
        get throws {
            let shape = try shape.validated(as: name)
            let values: [Float] =
                switch elementType {
                case .uint8: bytes.map(Float.init)
                case .int8: bytes.map { Float(Int8(bitPattern: $0)) }
                case .int16: elements(UInt16.self).map { Float(Int16(bitPattern: $0)) }
                case .int32: elements(UInt32.self).map { Float(Int32(bitPattern: $0)) }
                case .float32: elements(UInt32.self).map(Float.init(bitPattern:))
                case .float64: elements(UInt64.self).map { Float(Double(bitPattern: $0)) }
                }
            return try Tensor(shape: shape) { destination in
                _ = destination.update(fromContentsOf: values)
            }
        }
    }

    private func elements<Bits: FixedWidthInteger>(_: Bits.Type) -> [Bits] {
        bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: MemoryLayout<Bits>.size).map {
                Bits(bigEndian: raw.loadUnaligned(fromByteOffset: $0, as: Bits.self))
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
