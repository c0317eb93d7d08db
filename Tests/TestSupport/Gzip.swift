import CZlib

/// Compresses bytes as one gzip member.
public func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    precondition(
        deflateInit2_(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    )
    defer { deflateEnd(&stream) }
    var input = bytes
    return input.withUnsafeMutableBufferPointer { source in
        [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(source.count)))) {
            buffer,
            count in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            count = buffer.count - Int(stream.avail_out)
        }
    }
}

/// Bytes that a seed determines (a linear congruential generator, Numerical Recipes' constants).
public func noise(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}

/// Decompresses a stream of zlib (RFC 1950).
///
/// - Returns: `nil` if it is none, or not all of the bytes.
public func inflated(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    precondition(inflateInit_(&stream, ZLIB_VERSION, size) == Z_OK)
    defer { inflateEnd(&stream) }
    var input = bytes, output: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let isWhole = input.withUnsafeMutableBufferPointer { source in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        while true {
            let (code, count) = part.withUnsafeMutableBufferPointer { room in
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(room.count)
                let code = inflate(&stream, Z_NO_FLUSH)
                return (code, room.count - Int(stream.avail_out))
            }
            output += part[..<count]
            if code == Z_STREAM_END { return stream.avail_in == 0 }
            if code != Z_OK { return false }
        }
    }
    return isWhole ? output : nil
}
