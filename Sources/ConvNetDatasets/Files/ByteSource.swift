import SwiftConvNet

/// The content of a file, read from its beginning: as it is, or inflated if it is gzip data.
struct ByteSource {
    private enum Reader {
        case plain(PlainReader)
        case gzip(GzipReader)
    }

    private let reader: Reader
    private let file: String

    /// The content of `bytes`; gzip data is known by its first two bytes.
    ///
    /// - Parameter file: What errors call the data.
    init(_ bytes: [UInt8], file: String) throws {
        self.file = file
        reader =
            GzipReader.recognizes(bytes)
            ? .gzip(try GzipReader(bytes, file: file)) : .plain(PlainReader(bytes))
    }

    /// Fills `destination` with the next bytes, and returns how many; fewer than fit only at the end.
    func read(into destination: UnsafeMutableRawBufferPointer) throws -> Int {
        switch reader {
        case .plain(let reader): reader.read(into: destination)
        case .gzip(let reader): try reader.read(into: destination)
        }
    }

    /// The next bytes: `count` of them, or fewer if the content ends before.
    ///
    /// What is allocated is at most twice what was there to be read, however large `count` is.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory; of kind `format` for broken gzip data.
    func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        repeat {
            let capacity = min(count, max(bytes.count * 2, 1 << 16))
            try MemoryCheck.require(capacity, for: file)
            let read = bytes
            bytes = try [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
                let target = UnsafeMutableRawBufferPointer(buffer)
                target.copyBytes(from: read)
                filled = read.count
                filled += try self.read(into: UnsafeMutableRawBufferPointer(rebasing: target[read.count...]))
            }
            if bytes.count < capacity { break }
        } while bytes.count < count
        return bytes
    }
}

/// Reads bytes in memory from their beginning.
final class PlainReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into destination: UnsafeMutableRawBufferPointer) -> Int {
        let end = min(position + destination.count, bytes.count)
        destination.copyBytes(from: bytes[position..<end])
        defer { position = end }
        return end - position
    }
}
