import Foundation

/// Reads whole files, up to a limit that the caller sets.
package enum FileContents {
    /// The bytes of the regular file at `path`.
    ///
    /// Symbolic links are followed. What is read grows with the bytes that are really there; folders, pipes
    /// and devices are refused.
    ///
    /// - Parameter limit: The largest size in bytes that is read.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read, is no regular file, or is larger; of kind
    ///   `environment` if there is not enough memory for it.
    package static func read(_ path: String, limit: Int) throws -> [UInt8] {
        // Without O_NONBLOCK the opening of a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ConvNetError(.file, "Cannot open the file: \(ConvNetError.systemMessage())", at: path)
        }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw ConvNetError(.file, "Cannot read the file: \(ConvNetError.systemMessage())", at: path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ConvNetError(
                .file,
                "Cannot read the file",
                at: path,
                expected: "a regular file",
                received: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or a pipe"
            )
        }
        guard Int(status.st_size) <= limit else {
            throw tooLarge(path, size: "\(status.st_size) bytes", limit)
        }

        // One byte more than the size shows the end of the file at once. A file may be longer than it said,
        // as those of /proc are and those that are still being written.
        var bytes: [UInt8] = []
        while true {
            let room = min(max(Int(status.st_size) - bytes.count, 1 << 16), limit - bytes.count) + 1
            try MemoryCheck.require(
                bytes.isEmpty ? room : 2 * bytes.count + room,
                for: "the content of \(path)"
            )
            let received = try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                count = try readSome(descriptor, into: UnsafeMutableRawBufferPointer(buffer), path: path)
            }
            if received.isEmpty { return bytes }
            if bytes.isEmpty { bytes = received } else { bytes += received }
            guard bytes.count <= limit else { throw tooLarge(path, size: "more than \(limit) bytes", limit) }
        }
    }

    private static func readSome(
        _ descriptor: Int32,
        into buffer: UnsafeMutableRawBufferPointer,
        path: String
    ) throws -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw ConvNetError(.file, "Cannot read the file: \(ConvNetError.systemMessage())", at: path)
            }
        }
    }

    static func tooLarge(_ path: String, size: String, _ limit: Int) -> ConvNetError {
        ConvNetError(
            .file,
            "The file is too large",
            at: path,
            expected: "at most \(limit) bytes",
            received: size
        )
    }
}
