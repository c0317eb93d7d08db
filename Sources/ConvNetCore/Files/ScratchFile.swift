import Foundation

/// A file for what a process computes again at any time: it has no name once it is open, and is gone with the process, however
/// that ends.
package final class ScratchFile: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Makes the file.
    ///
    /// - Parameter path: where, that is on which disk; nothing may be there.
    /// - Throws: `ConvNetError` of kind `file`.
    package init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
        self.path = path
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw ConvNetError(
                .file,
                isThere
                    ? "There is a file already" : "Cannot create the file: \(ConvNetError.systemMessage())",
                at: path,
                expected: isThere ? "a path at which nothing is" : nil,
                remedy: isThere ? "Name another path; a cache never replaces a file" : nil
            )
        }
        unlink(path)
    }

    deinit { close(descriptor) }

    /// Writes bytes at an offset; what lies between them takes no room on the disk.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the disk is full, say.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = SystemWrite.some(rest, to: descriptor, at: offset + done)
            guard count > 0 else {
                throw ConvNetError(.file, "Cannot write the file: \(ConvNetError.systemMessage())", at: path)
            }
            done += count
        }
    }

    /// Fills `destination` with the bytes from an offset on, which have been written.
    ///
    /// - Throws: `ConvNetError` of kind `file`.
    package func read(at offset: Int, into destination: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < destination.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: destination[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count == 0 ? "it is shorter than it was" : ConvNetError.systemMessage()
                throw ConvNetError(.file, "Cannot read the file: \(reason)", at: path)
            }
            done += count
        }
    }
}
