import CKernels

extension FileBytes {
    /// Elements that are brought into memory at once where they are no `Float` yet.
    private static let blockSize = 8192

    /// Reads elements from `offset` on, as many as `destination` has places for, each as the nearest `Float`.
    ///
    /// - Precondition: that many are within the file's first size.
    /// - Throws: `ConvNetError` of kind `file` if they cannot be read, or the file has become shorter.
    package func readFloats(
        _ type: NumPyFile.ElementType,
        isBigEndian: Bool,
        at offset: Int,
        into destination: UnsafeMutableBufferPointer<Float>
    ) throws {
        if type == .float32, !isBigEndian {
            return try read(at: offset, into: UnsafeMutableRawBufferPointer(destination))
        }
        let block = min(Self.blockSize, destination.count)
        try withUnsafeTemporaryAllocation(byteCount: block * type.size, alignment: 16) { room in
            for first in stride(from: 0, to: destination.count, by: max(block, 1)) {
                let count = min(block, destination.count - first)
                let raw = UnsafeMutableRawBufferPointer(rebasing: room[..<(count * type.size)])
                try read(at: offset + first * type.size, into: raw)
                guard let places = destination.baseAddress else { return }
                type.convert(UnsafeRawBufferPointer(raw), isBigEndian: isBigEndian, to: places + first)
            }
        }
    }
}

extension NumPyFile.ElementType {
    /// Writes elements as `Float`; there is a place for each.
    func convert(
        _ raw: UnsafeRawBufferPointer,
        isBigEndian: Bool,
        to floats: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .bool: values(UInt8.self, raw, isBigEndian) { floats[$0] = $1 == 0 ? 0 : 1 }
        case .uint8: ck_floats_from_bytes(raw.baseAddress, floats, raw.count)
        case .int8: values(UInt8.self, raw, isBigEndian) { floats[$0] = Float(Int8(bitPattern: $1)) }
        case .uint16: values(UInt16.self, raw, isBigEndian) { floats[$0] = Float($1) }
        case .int16: values(UInt16.self, raw, isBigEndian) { floats[$0] = Float(Int16(bitPattern: $1)) }
        case .uint32: values(UInt32.self, raw, isBigEndian) { floats[$0] = Float($1) }
        case .int32: values(UInt32.self, raw, isBigEndian) { floats[$0] = Float(Int32(bitPattern: $1)) }
        case .uint64: values(UInt64.self, raw, isBigEndian) { floats[$0] = Float($1) }
        case .int64: values(UInt64.self, raw, isBigEndian) { floats[$0] = Float(Int64(bitPattern: $1)) }
        case .float16: values(UInt16.self, raw, isBigEndian) { floats[$0] = HalfPrecision.float($1) }
        case .float32: values(UInt32.self, raw, isBigEndian) { floats[$0] = Float(bitPattern: $1) }
        case .float64 where !isBigEndian:
            ck_floats_from_doubles(
                raw.assumingMemoryBound(to: Double.self).baseAddress,
                floats,
                raw.count / 8
            )
        case .float64: values(UInt64.self, raw, isBigEndian) { floats[$0] = Float(Double(bitPattern: $1)) }
        }
    }

    /// Elements as classes.
    ///
    /// - Throws: `ConvNetError` of kind `format` if they are no integers, of kind `data` if one does not fit 32 bits, of kind
    ///   `environment` if there is not enough memory.
    func integers(_ bytes: [UInt8], isBigEndian: Bool, path: String) throws -> [Int32] {
        func converted<Bits: FixedWidthInteger>(_: Bits.Type, _ label: (Bits) -> Int32?) throws -> [Int32] {
            var odd: Int?
            let count = bytes.count / MemoryLayout<Bits>.size
            try MemoryCheck.require(count * MemoryLayout<Int32>.stride, for: path)
            var labels = [Int32](repeating: 0, count: count)
            bytes.withUnsafeBytes { raw in
                values(Bits.self, raw, isBigEndian) { index, bits in
                    if let value = label(bits) { labels[index] = value } else { odd = odd ?? index }
                }
            }
            guard let odd else { return labels }
            throw ConvNetError(
                .data,
                "A label does not fit 32 bits",
                at: "\(path), label \(odd)",
                expected: "\(Int32.min)...\(Int32.max)"
            )
        }
        switch self {
        case .bool: return try converted(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .uint8: return try converted(UInt8.self) { Int32($0) }
        case .int8: return try converted(UInt8.self) { Int32(Int8(bitPattern: $0)) }
        case .uint16: return try converted(UInt16.self) { Int32($0) }
        case .int16: return try converted(UInt16.self) { Int32(Int16(bitPattern: $0)) }
        case .uint32: return try converted(UInt32.self) { Int32(exactly: $0) }
        case .int32: return try converted(UInt32.self) { Int32(bitPattern: $0) }
        case .uint64: return try converted(UInt64.self) { Int32(exactly: $0) }
        case .int64: return try converted(UInt64.self) { Int32(exactly: Int64(bitPattern: $0)) }
        case .float16, .float32, .float64:
            throw ConvNetError(
                .format,
                "The elements are no integers",
                at: path,
                expected: "an integer type for labels",
                received: "\(self)",
                remedy: "Convert the array in Python: numpy.save(path, array.astype(\"int32\"))"
            )
        }
    }

    @inline(__always)
    private func values<Bits: FixedWidthInteger>(
        _: Bits.Type,
        _ raw: UnsafeRawBufferPointer,
        _ isBigEndian: Bool,
        _ use: (Int, Bits) -> Void
    ) {
        let size = MemoryLayout<Bits>.size
        for index in 0..<(raw.count / size) {
            let bits = raw.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
            use(index, isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        }
    }
}

/// IEEE 754's numbers of 16 bits: a sign, 5 bits of exponent, 10 of fraction. Written out, for `Float16` is not there on
/// every platform that Swift knows.
enum HalfPrecision {
    /// The number as `Float`, exactly.
    static func float(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F, fraction = UInt32(bits) & 0x3FF
        switch exponent {
        case 0:
            // Zero, and numbers below 2 to the -14, in steps of 2 to the -24.
            return Float(bitPattern: (Float(fraction) * 0x1p-24).bitPattern | sign)
        case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The nearest number, of two the even one; infinity above 65,519.
    static func bits(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let size = value.magnitude
        if size.isNaN { return sign | 0x7E00 }
        if size >= 65520 { return sign | 0x7C00 }
        // Below 2 to the -14 the steps are 2 to the -24.
        if size < 0x1p-14 { return sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven)) }
        let bits = size.bitPattern
        let rounded = bits + 0xFFF + (bits >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded >> 13) - 112 << 10)
    }
}
