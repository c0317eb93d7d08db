import Foundation

/// The bytes of a file, read where they are asked for; or of a file that is in memory already.
package final class FileBytes: Sendable {
    private enum Source: Sendable {
        case memory([UInt8])
        case descriptor(Int32)
    }

    /// The size of the file when it was opened.
    package let count: Int
    private let source: Source
    /// Where it is, or what errors call it.
    package let path: String

    /// A file in memory; errors call it `path`.
    package init(_ bytes: [UInt8], path: String) {
        source = .memory(bytes)
        count = bytes.count
        self.path = path
    }

    /// Opens the regular file at `path`; symbolic links are followed.
    ///
    /// - Parameter limit: The largest size in bytes that is taken.
    /// - Throws: `ConvNetError` of kind `file` if it cannot be opened, is larger, or is a folder, a pipe or a device.
    package init(path: String, limit: Int = .max) throws {
        // Without O_NONBLOCK the opening of a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ConvNetError(.file, "Cannot open the file: \(ConvNetError.systemMessage())", at: path)
        }
        var status = stat()
        let code = fstat(descriptor, &status)
        guard code == 0, status.st_mode & S_IFMT == S_IFREG else {
            defer { close(descriptor) }
            throw ConvNetError(
                .file,
                code == 0 ? "Cannot read the file" : "Cannot read the file: \(ConvNetError.systemMessage())",
                at: path,
                expected: "a regular file",
                received: code != 0
                    ? nil : status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or a pipe"
            )
        }
        guard Int(status.st_size) <= limit else {
            defer { close(descriptor) }
            throw FileContents.tooLarge(path, size: "\(status.st_size) bytes", limit)
        }
        source = .descriptor(descriptor)
        count = Int(status.st_size)
        self.path = path
    }

    deinit {
        if case .descriptor(let descriptor) = source { close(descriptor) }
    }

    /// The bytes of a range.
    ///
    /// - Precondition: the range is within `0..<count`.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        try MemoryCheck.require(range.count, for: path)
        return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            try read(
                at: range.lowerBound,
                into: UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count]
                )
            )
            count = range.count
        }
    }

    /// Fills `destination` with the bytes from `offset` on.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the system cannot read them, or the file has become shorter.
    package func read(at offset: Int, into destination: UnsafeMutableRawBufferPointer) throws {
        switch source {
        case .memory(let bytes):
            precondition(offset >= 0 && offset + destination.count <= bytes.count, "bytes outside the file")
            bytes.withUnsafeBytes {
                destination.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + destination.count)])
                )
            }
        case .descriptor(let descriptor):
            var done = 0
            while done < destination.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: destination[done...])
                let received = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
                if received < 0, errno == EINTR { continue }
                guard received > 0 else {
                    throw ConvNetError(
                        .file,
                        received == 0
                            ? "The file has become shorter while it was read"
                            : "Cannot read the file: \(ConvNetError.systemMessage())",
                        at: "\(path), byte \(offset + done)"
                    )
                }
                done += received
            }
        }
    }
}
