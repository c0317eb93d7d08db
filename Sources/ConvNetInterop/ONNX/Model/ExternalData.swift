import Foundation

/// Where the elements of a tensor are in another file, which lies in the folder of the model.
struct ExternalData: Sendable {
    private(set) var location = ""
    private(set) var offset = 0
    private(set) var length: Int?

    /// Reads one entry: a key and its value.
    mutating func read(_ message: WireReader) throws {
        var message = message
        var key = "", value = "", start = 0
        while let field = try message.next() {
            start = field.offset
            switch field.number {
            case 1: key = try message.text(field)
            case 2: value = try message.text(field)
            default: break
            }
        }
        switch key {
        case "location": location = value
        case "offset", "length":
            guard let number = Int(value), number >= 0 else {
                throw message.error("Not a number of bytes", start, received: "\(key) \"\(value)\"")
            }
            if key == "offset" { offset = number } else { length = number }
        default: break
        }
    }

    /// The file that has the bytes, from `offset` on.
    ///
    /// - Parameters:
    ///   - folder: that of the model, which the other file must not leave.
    ///   - size: the bytes that the tensor has.
    /// - Throws: `ConvNetError` of kind `format` if the path leaves the folder or the bytes are not there, of kind `file` if the
    ///   file cannot be read.
    func file(in folder: String, size: Int, of tensor: String) throws -> FileBytes {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, parts.allSatisfy({ $0 != ".." && !$0.isEmpty }) else {
            throw misplaced(tensor)
        }
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let path = URL(fileURLWithPath: folder).appendingPathComponent(location).resolvingSymlinksInPath()
            .path
        guard path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else { throw misplaced(tensor) }
        let file = try FileBytes(path: path)
        let (end, overflow) = offset.addingReportingOverflow(size)
        guard !overflow, end <= file.count, length == nil || length == size else {
            throw ConvNetError(
                .format,
                "The elements of a tensor are not in the other file",
                at: "\(path), tensor \"\(tensor)\"",
                expected: "\(size) bytes from byte \(offset) on",
                received: "a file of \(file.count) bytes, and a length of \(length.map(String.init) ?? "all")"
            )
        }
        return file
    }

    private func misplaced(_ tensor: String) -> ConvNetError {
        ConvNetError(
            .format,
            "The elements of a tensor must lie in the folder of the model",
            at: "tensor \"\(tensor)\"",
            expected: "a path within the folder",
            received: "\"\(location)\""
        )
    }
}
