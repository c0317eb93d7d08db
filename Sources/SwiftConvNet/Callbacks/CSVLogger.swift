import Foundation

/// Writes the figures of every epoch to a file, one row each.
///
/// The columns are `epoch`, counted from 1, then the figures by name; a figure that is not there is `NA`. The file is
/// replaced as a whole after each epoch, so that it never holds half a row. In a run that is resumed from a checkpoint
/// it becomes again what it was at that checkpoint, even if it has been removed since.
public final class CSVLogger: ResumableCallback {
    public var receivesBatches: Bool { false }

    private let path: String
    private let separator: String
    private let append: Bool
    private var text = ""
    private var columns: [String]?

    /// A callback that writes a file.
    ///
    /// - Parameters:
    ///   - path: where the file is.
    ///   - separator: what stands between two columns.
    ///   - append: whether rows are added to a file that is there already, which must have the same columns.
    public init(_ path: String, separator: String = ",", append: Bool = false) {
        self.path = path
        self.separator = separator
        self.append = append
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        // What has been written is about to come back from the checkpoint.
        case .trainingBegan(let run): if run.resumption == nil { try begin() }
        case .epochEnded(let record):
            text += try row(of: record)
            try AtomicFile.write(text, to: path)
        case .epochBegan, .batchEnded, .trainingEnded: break
        }
    }

    /// Writes what is there so far, so that a path that cannot be written shows before anything is trained.
    private func begin() throws {
        text = ""
        if append, FileManager.default.fileExists(atPath: path) {
            text = String(decoding: try FileContents.read(path, limit: 1 << 30), as: UTF8.self)
            if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        }
        try goOn()
    }

    /// Writes the text so far, and takes the columns from it.
    private func goOn() throws {
        columns = text.split(whereSeparator: \.isNewline).first.map {
            String($0).components(separatedBy: separator)
        }
        try AtomicFile.write(text, to: path)
    }

    public func saveState() throws -> Data { Data(text.utf8) }

    public func restoreState(_ state: Data) throws {
        text = String(decoding: state, as: UTF8.self)
        try goOn()
    }

    private func row(of record: EpochRecord) throws -> String {
        let names = ["epoch"] + record.values.names.sorted()
        var lines = ""
        if columns == nil {
            columns = names
            lines = names.joined(separator: separator) + "\n"
        }
        let columns = columns ?? names
        guard Set(names).isSubset(of: columns) else {
            throw ConvNetError(
                .format, "The file has other columns", at: path, expected: names.joined(separator: separator),
                received: columns.joined(separator: separator),
                remedy: "Write to another file, or do not append")
        }
        let fields = columns.map {
            $0 == "epoch" ? "\(record.epoch)" : record.values[$0].map { "\($0)" } ?? "NA"
        }
        return lines + fields.joined(separator: separator) + "\n"
    }
}
