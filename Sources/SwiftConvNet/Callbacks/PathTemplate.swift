import Foundation

/// A path with places to be filled in: `{epoch}`, `{batch}` and the names of figures, with a format as Python has it
/// if wanted: `{epoch:02d}`, `{val_loss:.4f}`.
struct PathTemplate: Sendable, Hashable {
    let text: String

    /// The path with all places filled in.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for a name or a format that is not known.
    func path(epoch: Int, batch: Int?, values: MetricValues) throws -> String {
        var path = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw ConvNetError(
                    .argument,
                    "A brace is not closed",
                    at: "ModelCheckpoint, path",
                    received: text
                )
            }
            path += rest[..<open]
            let parts = rest[rest.index(after: open)..<close].split(
                separator: ":",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts.first ?? "")
            let format = parts.count > 1 ? String(parts[1]) : ""
            switch name {
            case "epoch": path += try Self.text(of: epoch, format)
            case "batch" where batch != nil: path += try Self.text(of: batch ?? 0, format)
            default:
                guard let value = values[name] else {
                    let names = ["epoch"] + (batch == nil ? [] : ["batch"]) + values.names
                    throw ConvNetError(
                        .argument,
                        "There is no \"\(name)\" to fill into a path",
                        at: "ModelCheckpoint, path",
                        expected: "one of \(names.joined(separator: ", "))",
                        received: text
                    )
                }
                path += try Self.text(of: value, format)
            }
            rest = rest[rest.index(after: close)...]
        }
        return path + rest
    }

    /// `d`, `3d` or `03d`.
    private static func text(of number: Int, _ format: String) throws -> String {
        guard !format.isEmpty else { return "\(number)" }
        guard let match = format.wholeMatch(of: /(0?)([0-9]{0,2})d?/) else { throw unknown(format) }
        let digits = "\(number)"
        let missing = max(0, (Int(match.2) ?? 0) - digits.count)
        return String(repeating: match.1.isEmpty ? " " : "0", count: missing) + digits
    }

    /// `.3f`, or `.3e` with an exponent.
    private static func text(of number: Double, _ format: String) throws -> String {
        guard !format.isEmpty else { return "\(number)" }
        guard let match = format.wholeMatch(of: /(?:\.([0-9]{1,2}))?([fe])/) else { throw unknown(format) }
        return String(format: "%.\(match.1 ?? "6")\(match.2)", number)
    }

    private static func unknown(_ format: String) -> ConvNetError {
        ConvNetError(
            .argument,
            "Not a format",
            at: "ModelCheckpoint, path",
            expected: "such as 02d for whole numbers, .4f or .4e for others",
            received: format
        )
    }
}
