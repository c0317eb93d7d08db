/// Samples as bytes, such as the grey levels of pixels, with the rule that turns a byte into a number.
///
/// Images stay at a quarter of the size of `Float`, and are normalised while a batch is gathered:
/// `value = byte * scale + offset`. The default scale 1/255 maps 0...255 to 0...1.
public struct ByteTensor: Sendable, Hashable {
    /// The sizes of the axes, the samples' axis first.
    public let shape: Shape
    /// The bytes, the last axis fastest.
    public let bytes: [UInt8]
    /// The factor of the rule.
    public var scale: Float
    /// The summand of the rule.
    public var offset: Float

    /// Bytes with a shape.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shape has no axis or asks for another number of bytes.
    public init(_ bytes: [UInt8], shape: Shape, scale: Float = 1 / 255, offset: Float = 0) throws {
        guard shape.rank >= 1, try shape.validated(as: "bytes").elementCount == bytes.count else {
            throw ConvNetError(
                .shape,
                "The bytes do not fill the shape \(shape)",
                at: "ByteTensor",
                expected: "at least one axis and \(shape.elementCount) bytes",
                received: "\(bytes.count) bytes"
            )
        }
        self.shape = shape
        self.bytes = bytes
        self.scale = scale
        self.offset = offset
    }

    /// The bytes as normalised numbers.
    public var tensor: Tensor {
        get throws {
            try Tensor(shape: shape) { destination in
                for (place, byte) in bytes.enumerated() { destination[place] = Float(byte) * scale + offset }
            }
        }
    }

    /// The samples at indices, in their order.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no such sample.
    func gathered(_ indices: [Int]) throws -> ByteTensor {
        if let odd = indices.first(where: { !(0..<shape[0]).contains($0) }) {
            throw ConvNetError(
                .shape,
                "An index is outside the samples",
                at: "gathered(_:)",
                expected: "0..<\(shape[0])",
                received: "\(odd)"
            )
        }
        let sample = Shape(Array(shape.dropFirst()))
        let length = sample.elementCount
        var parts: [UInt8] = []
        parts.reserveCapacity(indices.count * length)
        for index in indices { parts += bytes[(index * length)..<((index + 1) * length)] }
        return try ByteTensor(parts, shape: sample.batched(indices.count), scale: scale, offset: offset)
    }
}
