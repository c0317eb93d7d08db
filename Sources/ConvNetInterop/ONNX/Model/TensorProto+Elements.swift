import Foundation

extension TensorProto {
    /// The elements as float32: those of other types widened or narrowed.
    ///
    /// - Parameter folder: that of the model, for elements in another file.
    /// - Throws: `ConvNetError` of kind `format` if there are not as many elements as the shape has, of kind `file` if another
    ///   file cannot be read.
    package func floats(in folder: String) throws -> [Float] {
        if type == .float {
            if let external {
                return try Self.words(external.file(in: folder, size: 4 * count, of: name), 0, count)
            }
            if let raw {
                try require(raw.count, of: 4)
                return Self.words(file, raw.lowerBound, count)
            }
            try requireCount(floats.reduce(0) { $0 + $1.count / 4 })
            return floats.flatMap { Self.words(file, $0.lowerBound, $0.count / 4) }
        }
        return try numbers(in: folder).map { Float($0) }
    }

    /// Writes the elements to memory, in one pass where the file has them as they are.
    ///
    /// - Throws: as `floats(in:)`.
    func copy(in folder: String, to elements: UnsafeMutableBufferPointer<Float>) throws {
        guard type == .float, external == nil, let raw else {
            let floats = try floats(in: folder)
            try requireCount(floats.count)
            _ = elements.update(fromContentsOf: floats)
            return
        }
        try require(raw.count, of: 4)
        file.withBytes(raw) { UnsafeMutableRawBufferPointer(elements).copyMemory(from: $0) }
    }

    /// The elements as `Double`: exact for all types but whole numbers beyond 2⁵³.
    ///
    /// - Throws: as `floats(in:)`.
    package func numbers(in folder: String) throws -> [Double] {
        if let external {
            let size = (try elementBits() * count + 7) / 8
            return decode(try external.file(in: folder, size: size, of: name), at: 0)
        }
        if let raw {
            guard raw.count == (try elementBits() * count + 7) / 8 else {
                throw mismatch("\(raw.count) bytes")
            }
            return decode(file, at: raw.lowerBound)
        }
        switch type {
        case .float:
            try requireCount(floats.reduce(0) { $0 + $1.count / 4 })
            return floats.flatMap { Self.words(file, $0.lowerBound, $0.count / 4) }.map(Double.init)
        case .double:
            try requireCount(doubles.reduce(0) { $0 + $1.count / 8 })
            return doubles.flatMap { range in
                stride(from: range.lowerBound, to: range.upperBound, by: 8).map {
                    Double(bitPattern: file.load(UInt64.self, at: $0))
                }
            }
        default:
            let words = varints.flatMap { Self.varints(file, $0) }
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

    private func decode(_ file: WireFile, at start: Int) -> [Double] {
        (0..<count).map { index in
            switch type {
            case .uint8: Double(file.load(UInt8.self, at: start + index))
            case .bool: file.load(UInt8.self, at: start + index) == 0 ? 0 : 1
            case .int8: Double(file.load(Int8.self, at: start + index))
            case .uint16: Double(file.load(UInt16.self, at: start + 2 * index))
            case .int16: Double(file.load(Int16.self, at: start + 2 * index))
            case .float16: Double(Self.half(file.load(UInt16.self, at: start + 2 * index)))
            case .bfloat16:
                Double(Float(bitPattern: UInt32(file.load(UInt16.self, at: start + 2 * index)) << 16))
            case .int32: Double(file.load(Int32.self, at: start + 4 * index))
            case .uint32: Double(file.load(UInt32.self, at: start + 4 * index))
            case .int64: Double(file.load(Int64.self, at: start + 8 * index))
            case .uint64: Double(file.load(UInt64.self, at: start + 8 * index))
            case .double: Double(bitPattern: file.load(UInt64.self, at: start + 8 * index))
            case .uint4, .int4:
                Self.nibble(
                    Int64(file.load(UInt8.self, at: start + index / 2)),
                    index,
                    isSigned: type == .int4
                )
            default: Double(Float(bitPattern: file.load(UInt32.self, at: start + 4 * index)))
            }
        }
    }

    /// Neighbouring float32 elements.
    private static func words(_ file: WireFile, _ start: Int, _ count: Int) -> [Float] {
        file.withBytes(start..<(start + 4 * count)) { bytes in
            [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                initialized = count
            }
        }
    }

    /// The numbers of variable length in a range, up to one that is cut off.
    private static func varints(_ file: WireFile, _ range: Range<Int>) -> [Int64] {
        var numbers: [Int64] = [], number: UInt64 = 0, shift: UInt64 = 0
        for position in range {
            let byte = file.load(UInt8.self, at: position)
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

    private func require(_ bytes: Int, of size: Int) throws {
        guard bytes == size * count else { throw mismatch("\(bytes) bytes") }
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
