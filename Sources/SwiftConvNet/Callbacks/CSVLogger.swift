import Foundation

/// Writes the metrics of every epoch to a file, one row each: the file that Keras' `CSVLogger` writes.
///
/// The columns are `epoch`, counted from 0, then the values of the first epoch by name. If none of them is of validation,
/// each gets a column `val_…` as well, so that a later call of `fit` with validation data can add rows. A value that is not
/// there is `NA`; one that appears only in a later epoch is left out. What callbacks log, such as `learning_rate`, is there
/// if they come earlier in the list. Lines end with CR LF.
///
/// Unlike Keras, the file is replaced as a whole after each epoch, so that it never holds half a row; rows that are added
/// to a file follow the columns that its header names; in a run that is resumed from a checkpoint the file becomes again
/// what it was at that checkpoint, even if it has been removed since.
public final class CSVLogger: ResumableCallback {
    public var receivesBatches: Bool { false }

    private let path: String
    private let separator: String
    private let append: Bool
    private var text = ""
    private var columns: [String]?
    private var lineEnd = "\r\n"

    /// A callback that writes a file.
    ///
    /// - Parameters:
    ///   - path: where the file is.
    ///   - separator: what stands between two columns.
    ///   - append: whether rows are added to a file that is there already. Its header decides which columns they have; a
    ///     file that lacks a column for the loss or a metric of the run is an error before the first step.
    public init(_ path: String, separator: String = ",", append: Bool = false) {
        self.path = path
        self.separator = separator
        self.append = append
    }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        // What has been written is about to come back from the checkpoint.
        case .trainingBegan(let run): if run.resumption == nil { try begin(run) }
        case .epochEnded(let record):
            text += row(of: record)
            try AtomicFile.write(text, to: path)
        case .epochBegan, .batchEnded, .trainingEnded: break
        }
    }

    /// Writes what is there so far, so that a path that cannot be written shows before anything is trained.
    private func begin(_ run: TrainingRun) throws {
        text = ""
        if append, FileManager.default.fileExists(atPath: path) {
            text = String(decoding: try FileContents.read(path, limit: 1 << 30), as: UTF8.self)
        }
        readHeader()
        if let columns {
            let validation = run.validationSampleCount > 0 ? run.metricNames.map { "val_" + $0 } : []
            let names = ["epoch"] + (run.metricNames + validation).sorted()
            guard Set(names).isSubset(of: columns) else {
                throw ConvNetError(
                    .format,
                    "The file has other columns",
                    at: path,
                    expected: names.joined(separator: separator),
                    received: columns.joined(separator: separator),
                    remedy: "Write to another file, or do not append"
                )
            }
        }
        try AtomicFile.write(text, to: path)
    }

    /// Takes columns and line ends from the text so far.
    private func readHeader() {
        // Not by characters: CR LF is one.
        let bytes = text.utf8
        lineEnd = text.isEmpty || text.contains("\r\n") ? "\r\n" : "\n"
        if !bytes.isEmpty, bytes.last != UInt8(ascii: "\n") { text += lineEnd }
        columns = text.split(whereSeparator: \.isNewline).first.map { fields(of: String($0)) }
    }

    public func saveState() throws -> Data { Data(text.utf8) }

    public func restoreState(_ state: Data) throws {
        text = String(decoding: state, as: UTF8.self)
        readHeader()
        try AtomicFile.write(text, to: path)
    }

    private func row(of record: EpochRecord) -> String {
        var lines = ""
        let columns = columns ?? Self.columns(for: record.values.names)
        if self.columns == nil {
            self.columns = columns
            lines = line(columns)
        }
        return lines
            + line(
                columns.map {
                    $0 == "epoch" ? "\(record.epoch - 1)" : record.values[$0].map { "\($0)" } ?? "NA"
                }
            )
    }

    /// Keras' columns for values of these names.
    private static func columns(for names: [String]) -> [String] {
        let names = names.sorted()
        let validation = names.contains { $0.hasPrefix("val_") } ? [] : names.map { "val_" + $0 }
        return ["epoch"] + names + validation
    }

    /// Fields as a line; one that would be taken for several is quoted.
    private func line(_ fields: [String]) -> String {
        fields.map { field in
            let isPlain = !field.contains(separator) && !field.contains { $0 == "\"" || $0.isNewline }
            return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: separator) + lineEnd
    }

    /// The fields of a line.
    private func fields(of line: String) -> [String] {
        var fields: [String] = []
        var field = ""
        var isOpen = false
        for part in line.components(separatedBy: separator) {
            field += isOpen ? separator + part : part
            // A separator between quotes is part of its field.
            if !part.count(where: { $0 == "\"" }).isMultiple(of: 2) { isOpen.toggle() }
            guard !isOpen else { continue }
            let isQuoted = field.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
            fields.append(
                isQuoted ? String(field.dropFirst().dropLast()).replacing("\"\"", with: "\"") : field
            )
            field = ""
        }
        if isOpen { fields.append(field) }
        return fields
    }
}
