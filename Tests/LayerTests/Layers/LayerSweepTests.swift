import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Cases of `Tests/Goldens/sweep.py`, in the file that the environment variable `SWIFTCONVNET_SWEEP` names.
private enum Sweep {
    static let path = ProcessInfo.processInfo.environment["SWIFTCONVNET_SWEEP"]

    /// The cases, or why they cannot be read.
    static let file = Result<[LayerGolden], any Error> {
        struct File: Decodable { let cases: [LayerGolden] }
        guard let path else { return [] }
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(fileURLWithPath: path))).cases
    }

    static let cases = (try? file.get()) ?? []
}

/// Random settings of every layer, as Keras computes them: not part of CI.
@Suite("Layers: a sweep beyond the goldens", .enabled(if: Sweep.path != nil))
struct LayerSweepTests {
    @Test func casesAreThere() throws { #expect(try !Sweep.file.get().isEmpty) }

    @Test(arguments: Sweep.cases)
    func layer(_ golden: LayerGolden) throws {
        try Deviations.record("sweep", golden.layer) {
            // So that each case leaves a line.
            Deviations.note(0)
            for comparison in try golden.comparisons() { try compare(comparison, golden) }
        }
    }

    /// Within 1e-5 of the tensor's largest value; or else no farther from Keras' float64 than twice Keras' own float32.
    private func compare(_ comparison: LayerGolden.Comparison, _ golden: LayerGolden) throws {
        let found = comparison.found, expected = comparison.expected
        guard found.shape.dimensions == expected.shape else {
            Issue.record("\(comparison.what): \(found.shape), expected \(expected.shape)")
            return
        }
        let largest = expected.elements.map(abs).max() ?? 0
        let worst = zip(found.elements, expected.elements).reduce(0.0) { worst, pair in
            let difference = abs(Double(pair.0) - pair.1)
            return difference.isNaN ? .infinity : max(worst, difference)
        }
        if worst <= 1e-5 * largest {
            Deviations.note(largest > 0 ? worst / largest : 0)
        } else if worst <= 2 * (golden.float32_errors?[comparison.what] ?? 0) {
            try Deviations.record("sweep, excused", golden.layer) { Deviations.note(worst / largest) }
        } else {
            // Cases have numbers: sweep.py measures Keras' float32 of those that are too far away.
            let number = String(golden.name.prefix { $0 != "," })
            try Deviations.record("sweep, beyond", number) { Deviations.note(worst / largest) }
            let keras = golden.float32_errors?[comparison.what].map { "\($0)" } ?? "not known"
            Issue.record(
                "\(golden.layer), \(comparison.what): \(worst) of \(largest), Keras' float32 \(keras); \(golden.name)"
            )
        }
    }
}
