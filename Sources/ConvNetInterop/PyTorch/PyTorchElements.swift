import SwiftConvNet

/// Elements of a file as `Float`: those of other types widened, narrowed or rounded.
enum PyTorchElements {
    /// Whether elements of a type can be read.
    static func supports(_ type: SafeTensors.ElementType) -> Bool {
        switch type {
        case .bool, .uint8, .int8, .int16, .uint16, .float16, .bfloat16, .int32, .uint32, .float32, .float64,
            .int64, .uint64:
            true
        default: false
        }
    }

    /// The element of an index in little-endian bytes.
    ///
    /// - Precondition: the type is supported, and the bytes hold so many elements.
    static func element(_ type: SafeTensors.ElementType, _ bytes: UnsafeRawBufferPointer, at index: Int)
        -> Float
    {
        func load<Number: FixedWidthInteger>(_: Number.Type) -> Number {
            let size = MemoryLayout<Number>.size
            return Number(
                littleEndian: bytes.loadUnaligned(fromByteOffset: size * index, as: Number.self)
            )
        }
        return switch type {
        case .bool: load(UInt8.self) == 0 ? 0 : 1
        case .uint8: Float(load(UInt8.self))
        case .int8: Float(load(Int8.self))
        case .int16: Float(load(Int16.self))
        case .uint16: Float(load(UInt16.self))
        case .int32: Float(load(Int32.self))
        case .uint32: Float(load(UInt32.self))
        case .int64: Float(load(Int64.self))
        case .uint64: Float(load(UInt64.self))
        case .float16: half(load(UInt16.self))
        case .bfloat16: Float(bitPattern: UInt32(load(UInt16.self)) << 16)
        case .float64: Float(Double(bitPattern: load(UInt64.self)))
        default: Float(bitPattern: load(UInt32.self))
        }
    }

    /// IEEE half precision: 1 bit of sign, 5 of the exponent, 10 of the mantissa.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1F), mantissa = UInt32(bits & 0x3FF)
        switch exponent {
        // 2^-24, the smallest number.
        case 0: return sign * Float(mantissa) * 0x1p-24
        case 0x1F: return Float(bitPattern: (sign < 0 ? 0xFF80_0000 : 0x7F80_0000) | mantissa << 13)
        default: return sign * Float(bitPattern: UInt32(exponent + 112) << 23 | mantissa << 13)
        }
    }

    /// Elements of sizes and strides, the last axis fastest.
    ///
    /// - Precondition: all of them are in `bytes`, and `destination` has their number.
    static func gather(
        _ type: SafeTensors.ElementType,
        _ bytes: UnsafeRawBufferPointer,
        from offset: Int,
        _ sizes: Shape,
        strides: [Int],
        into destination: UnsafeMutableBufferPointer<Float>
    ) {
        var index = [Int](repeating: 0, count: sizes.rank), position = offset
        for place in destination.indices {
            destination[place] = element(type, bytes, at: position)
            for axis in sizes.indices.reversed() {
                index[axis] += 1
                // The step of an axis of one element may be any number; what is added is taken off again.
                position &+= strides[axis]
                if index[axis] < sizes[axis] { break }
                position &-= sizes[axis] &* strides[axis]
                index[axis] = 0
            }
        }
    }

    /// Elements one after the other.
    ///
    /// - Precondition: as `gather`.
    static func copy(
        _ type: SafeTensors.ElementType,
        _ bytes: UnsafeRawBufferPointer,
        from offset: Int = 0,
        into destination: UnsafeMutableBufferPointer<Float>
    ) {
        if type == .float32 {
            let start = 4 * offset
            UnsafeMutableRawBufferPointer(destination).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 4 * destination.count)])
            )
        } else {
            for place in destination.indices { destination[place] = element(type, bytes, at: offset + place) }
        }
    }
}
