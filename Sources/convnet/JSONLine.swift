import Foundation
import SwiftConvNet

/// One line of `--json`: an object whose members stay in the order in which they are given.
struct JSONLine {
    let text: String

    /// An object that begins with the member `event`. Numbers that are not finite, and what is `nil`, become `null`.
    init(event: String, _ members: KeyValuePairs<String, any Encodable>) {
        let all = [(key: "event", value: event as any Encodable)] + members
        text = "{" + all.map { "\(Self.json($0.key)):\(Self.json($0.value))" }.joined(separator: ",") + "}"
    }

    private static func json(_ value: any Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}

extension MetricValues {
    /// The values by name, for `--json`; `null` for those that are not finite.
    var record: [String: Double?] {
        Dictionary(zip(names, values.map { $0.isFinite ? $0 : nil })) { first, _ in first }
    }
}
