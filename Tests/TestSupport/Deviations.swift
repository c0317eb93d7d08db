import Foundation

/// How far this library's numbers are from Keras': the largest deviation that each comparison with a golden sees.
///
/// A test names what it compares with `Deviations.record`, and the comparisons inside, `mismatch` and `relativeDifference` among
/// them, `note` what they find. If the environment variable `SWIFTCONVNET_DEVIATIONS` names a file, each comparison adds a line to
/// it, such as `{"family":"layers","name":"Conv2D","deviation":1.2e-07}`; without the variable nothing is kept.
/// `Tests/Goldens/parity.py` makes `docs/keras-parity.md` of such a file.
public enum Deviations {
    /// Where lines are added; `nil` for nowhere.
    private static let path = ProcessInfo.processInfo.environment["SWIFTCONVNET_DEVIATIONS"].flatMap {
        $0.isEmpty ? nil : $0
    }
    /// Tests run side by side, and each adds whole lines.
    private static let lock = NSLock()

    /// The largest deviation of one comparison. A test belongs to one task, which alone uses its comparison.
    private final class Comparison: @unchecked Sendable {
        var largest: Double?
    }

    @TaskLocal private static var comparison: Comparison?

    /// Runs a test's comparisons with one golden, and adds the largest deviation that they note to the file.
    ///
    /// - Parameters:
    ///   - family: `layers`, `activations`, `losses`, `metrics`, `optimizers`, `schedules` or `regularization`.
    ///   - name: what is compared, as the golden names it: `Conv2D`.
    ///   - compare: the comparisons.
    public static func record(_ family: String, _ name: String, _ compare: () throws -> Void) throws {
        guard let path else { return try compare() }
        let comparison = Comparison()
        try $comparison.withValue(comparison, operation: compare)
        if let deviation = comparison.largest { try add(family, name, deviation, to: path) }
    }

    /// Notes a deviation: a difference as a share of what the tolerance of the test is a share of.
    public static func note(_ deviation: Double) {
        guard let comparison else { return }
        comparison.largest = max(comparison.largest ?? 0, deviation.isNaN ? .infinity : deviation)
    }

    private static func add(_ family: String, _ name: String, _ deviation: Double, to path: String) throws {
        struct Line: Encodable {
            let family: String, name: String, deviation: Double
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // JSON has no infinity.
        let line = Line(family: family, name: name, deviation: min(deviation, .greatestFiniteMagnitude))
        let data = try encoder.encode(line) + Data("\n".utf8)
        try lock.withLock {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path))
            }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: data)
        }
    }
}
