import Foundation

/// Writes bytes to an open file; small pieces are gathered, large ones go straight to the system.
package final class FileWriter {
    private static let bufferSize = 1 << 16

    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var sentCount = 0
    /// The system's number of the error that ended writing, if one did: EPIPE, say.
    package private(set) var lastErrorCode: Int32?
    /// The number of bytes written so far, those still gathered included.
    package private(set) var position = 0

    /// A writer to an open file, which stays the caller's to close.
    ///
    /// - Parameter path: What errors call the file.
    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        buffer.reserveCapacity(Self.bufferSize)
    }

    /// Writes `bytes`.
    ///
    /// - Throws: `ConvNetError` of kind `file` with the path, the byte offset and the system's message.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize {
            try send(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
        position += bytes.count
    }

    /// Writes `bytes`.
    ///
    /// - Throws: as `write(_:)` with a buffer.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Writes the UTF-8 bytes of `text`.
    ///
    /// - Throws: as `write(_:)` with a buffer.
    package func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Hands what was gathered to the system.
    ///
    /// - Throws: as `write(_:)` with a buffer.
    package func flush() throws {
        try buffer.withUnsafeBytes { try send($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = SystemWrite.some(piece, to: descriptor)
            guard count > 0 else {
                let code = errno
                lastErrorCode = code
                // EFBIG: the limit of the process, or that of the file system.
                let limit = code == EFBIG ? AddressSpace.softLimit(RLIMIT_FSIZE) : nil
                throw ConvNetError(
                    .file,
                    "Cannot write the file: \(ConvNetError.systemMessage(code))",
                    at: "\(path), byte \(sentCount)",
                    expected: limit.map { "at most \($0) bytes, the limit of a file's size (ulimit -f)" },
                    remedy: limit.map { _ in "Raise the limit" }
                )
            }
            sentCount += count
            rest = rest.dropFirst(count)
        }
    }
}
