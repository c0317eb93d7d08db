import Foundation

extension TensorProto {
    /// The elements as float32: those of other types widened or narrowed.
    ///
    /// - Parameter folder: that of the model, for elements in another file.
    /// - Throws: `ConvNetError` of kind `format` if there are not as many elements as the shape has, of kind `file` if the file or
    ///   another one cannot be read.
    package func floats(in folder: String) throws -> [Float] {
        guard type == .float else { return try numbers(in: folder).map { Float($0) } }
        if let stored = try stored(in: folder) { return try stored.file.floats(stored.range) }
        try requireCount(floats.reduce(0) { $0 + $1.count / 4 })
        return try floats.flatMap { try file.floats($0) }
    }

    /// Writes the elements, `count` of them, to memory: in one pass where the file has them as they are.
    ///
    /// - Throws: as `floats(in:)`.
    func copy(in folder: String, to elements: UnsafeMutableBufferPointer<Float>) throws {
        guard type == .float, let stored = try stored(in: folder) else {
            _ = elements.update(fromContentsOf: try floats(in: folder))
            return
        }
        try stored.file.read(at: stored.range.lowerBound, into: UnsafeMutableRawBufferPointer(elements))
    }

    /// Where the elements are as the machine has them: in this file or in another; `nil` if they are in the fields of their types.
    private func stored(in folder: String) throws -> (file: FileBytes, range: Range<Int>)? {
        if let external {
            let size = (try elementBits() * count + 7) / 8
            let file = try external.file(in: folder, size: size, of: name)
            return (file, external.offset..<(external.offset + size))
        }
        guard let raw else { return nil }
        guard raw.count == (try elementBits() * count + 7) / 8 else { throw mismatch("\(raw.count) bytes") }
        return (file, raw)
    }

    /// The elements as `Double`: exact for all types but whole numbers beyond 2⁵³.
    ///
    /// - Throws: as `floats(in:)`.
    package func numbers(in folder: String) throws -> [Double] {
        if let stored = try stored(in: folder) { return decode(try stored.file.read(stored.range)) }
        switch type {
        case .float:
            try requireCount(floats.reduce(0) { $0 + $1.count / 4 })
            return try floats.flatMap { try file.floats($0) }.map(Double.init)
        case .double:
            try requireCount(doubles.reduce(0) { $0 + $1.count / 8 })
            return try doubles.flatMap { range in
                let bytes = try file.read(range)
                return (0..<range.count / 8).map { Double(bitPattern: bytes.number(UInt64.self, $0)) }
            }
        default:
            let words = try varints.flatMap { Self.varints(try file.read($0)) }
            if type == .uint4 || type == .int4 {
                try requireCount(min(2 * words.count, count))
                return (0..<count).map { Self.nibble(words[$0 / 2], $0, isSigned: type == .int4) }
            }
            try requireCount(words.count)
            return words.map { number in
                switch type {
                case .float16: Double(Self.half(UInt16(truncatingIfNeeded: number)))
                case .bfloat16: Double(Float(bitPattern: UInt32(truncatingIfNeeded: number) << 16))
                case .uint64: Double(UInt64(bitPattern: number))
                case .uint32: Double(UInt32(truncatingIfNeeded: number))
                default: Double(number)
                }
            }
        }
    }

    /// The bits of an element.
    private func elementBits() throws -> Int {
        let bits: Int? =
            switch type {
            case .uint8, .int8, .bool: 8
            case .uint16, .int16, .float16, .bfloat16: 16
            case .float, .int32, .uint32: 32
            case .int64, .double, .uint64: 64
            case .uint4, .int4: 4
            default: nil
            }
        guard let bits else {
            throw ConvNetError(
                .format,
                "Elements of this type are not supported",
                at: "\(file.path), \(name)",
                received: type.name
            )
        }
        return bits
    }

    private func decode(_ bytes: [UInt8]) -> [Double] {
        (0..<count).map { index in
            switch type {
            case .uint8: Double(bytes[index])
            case .bool: bytes[index] == 0 ? 0 : 1
            case .int8: Double(Int8(bitPattern: bytes[index]))
            case .uint16: Double(bytes.number(UInt16.self, index))
            case .int16: Double(bytes.number(Int16.self, index))
            case .float16: Double(Self.half(bytes.number(UInt16.self, index)))
            case .bfloat16: Double(Float(bitPattern: UInt32(bytes.number(UInt16.self, index)) << 16))
            case .int32: Double(bytes.number(Int32.self, index))
            case .uint32: Double(bytes.number(UInt32.self, index))
            case .int64: Double(bytes.number(Int64.self, index))
            case .uint64: Double(bytes.number(UInt64.self, index))
            case .double: Double(bitPattern: bytes.number(UInt64.self, index))
            case .uint4, .int4: Self.nibble(Int64(bytes[index / 2]), index, isSigned: type == .int4)
            default: Double(Float(bitPattern: bytes.number(UInt32.self, index)))
            }
        }
    }

    /// The numbers of variable length in some bytes, up to one that is cut off.
    private static func varints(_ bytes: [UInt8]) -> [Int64] {
        var numbers: [Int64] = [], number: UInt64 = 0, shift: UInt64 = 0
        for byte in bytes {
            if shift < 64 { number |= UInt64(byte & 0x7F) << shift }
            shift += 7
            guard byte < 0x80 else { continue }
            numbers.append(Int64(bitPattern: number))
            (number, shift) = (0, 0)
        }
        return numbers
    }

    /// One of two numbers of four bits in a byte: the lower half comes first.
    private static func nibble(_ byte: Int64, _ index: Int, isSigned: Bool) -> Double {
        let bits = (byte >> (index.isMultiple(of: 2) ? 0 : 4)) & 0xF
        return Double(isSigned && bits > 7 ? bits - 16 : bits)
    }

    /// The number whose bits are those of an IEEE 754 half.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1F), fraction = Float(bits & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    private func requireCount(_ found: Int) throws {
        guard found == count else { throw mismatch("\(found) elements") }
    }

    private func mismatch(_ received: String) -> ConvNetError {
        ConvNetError(
            .format,
            "The elements of a tensor do not fill its shape",
            at: "\(file.path), tensor \"\(name)\"",
            expected: "\(count) elements of \(type.name), for \(dims)",
            received: received
        )
    }
}

extension FileBytes {
    /// Neighbouring float32 elements.
    func floats(_ range: Range<Int>) throws -> [Float] {
        try MemoryCheck.require(range.count, for: path)
        return try [Float](unsafeUninitializedCapacity: range.count / 4) { buffer, count in
            let elements = UnsafeMutableBufferPointer(rebasing: buffer[..<(range.count / 4)])
            try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(elements))
            count = elements.count
        }
    }
}

extension [UInt8] {
    /// Number `index` of numbers that follow each other, each with its least significant byte first.
    fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, _ index: Int)
        -> Number
    {
        withUnsafeBytes {
            Number(
                littleEndian: $0.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: type)
            )
        }
    }
}
