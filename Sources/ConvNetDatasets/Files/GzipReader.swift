import CZlib
import SwiftConvNet

/// Inflates gzip data (RFC 1952) piece by piece: as much as the caller asks for and no more.
///
/// A file may have several members, whose contents follow each other. Checksums and lengths of the members
/// are checked. Nothing but another member may follow a member, or zeros up to the end, with which some tools fill blocks and
/// which gzip(1) ignores, too.
package final class GzipReader {
    /// Whether `bytes` begin as gzip data does.
    static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    private static let magic: [UInt8] = [0x1f, 0x8b]
    // 15: the largest window, 16: gzip's header and trailer (zlib's manual, inflateInit2).
    private static let windowBits: Int32 = 15 + 16
    /// The counts of a `z_stream` have 32 bits; larger data goes through in pieces.
    private static let pieceSize = 1 << 30

    private let compressed: [UInt8]
    private let file: String
    // zlib's state points back at the stream, so that must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    /// The bytes of `compressed` that are used up.
    package private(set) var position = 0
    private var isAtEnd = false

    /// A reader of gzip data.
    ///
    /// - Parameter file: What errors call the data.
    /// - Throws: `ConvNetError` of kind `environment` if zlib has no memory.
    package init(_ compressed: [UInt8], file: String) throws {
        self.compressed = compressed
        self.file = file
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_inflate_init(stream, Self.windowBits) == Z_OK else {
            stream.deallocate()
            throw ConvNetError(.environment, "zlib cannot start to inflate", at: file)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates the next bytes into `destination`, and returns how many; fewer than fit only at the end.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the data is damaged, truncated or followed by something
    ///   else.
    package func read(into destination: UnsafeMutableRawBufferPointer) throws -> Int {
        var written = 0
        while written < destination.count, !isAtEnd {
            written += try inflateOnce(into: UnsafeMutableRawBufferPointer(rebasing: destination[written...]))
        }
        return written
    }

    private func inflateOnce(into destination: UnsafeMutableRawBufferPointer) throws -> Int {
        let input = min(compressed.count - position, Self.pieceSize)
        let room = min(destination.count, Self.pieceSize)
        let result = compressed.withUnsafeBytes { source in
            // zlib only reads its input; the pointer is mutable for lack of `const` in old C.
            stream.pointee.next_in = UnsafeMutableRawPointer(
                mutating: source.baseAddress.map { $0 + position }
            )?
            .assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(input)
            stream.pointee.next_out = destination.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            return inflate(stream, Z_NO_FLUSH)
        }
        position += input - Int(stream.pointee.avail_in)
        let written = room - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK:
            break
        case Z_STREAM_END:
            try startNextMember()
        case Z_BUF_ERROR where position == compressed.count:
            throw error("The gzip data ends early", expected: "more bytes", received: "the end of the data")
        case Z_MEM_ERROR:
            throw ConvNetError(.environment, "zlib has no memory to inflate", at: file)
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(result)"
            throw error("The gzip data is damaged: \(reason)")
        }
        return written
    }

    private func startNextMember() throws {
        guard compressed[position...].contains(where: { $0 != 0 }) else {
            position = compressed.count
            isAtEnd = true
            return
        }
        guard compressed[position...].starts(with: Self.magic) else {
            throw error(
                "Something follows the gzip data",
                expected: "the end of the file, zeros up to there, or another member",
                received: "\(compressed.count - position) bytes more"
            )
        }
        guard inflateReset(stream) == Z_OK else {
            throw ConvNetError(.environment, "zlib cannot start to inflate", at: file)
        }
    }

    private func error(_ summary: String, expected: String? = nil, received: String? = nil) -> ConvNetError {
        ConvNetError(
            .format,
            summary,
            at: "\(file), byte \(position) of the compressed data",
            expected: expected,
            received: received,
            remedy: "Get the file again"
        )
    }
}
