import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Cases of `Tests/Goldens/sweep.py`, in the file that the environment variable `SWIFTCONVNET_SWEEP` names.
private enum Sweep {
    static let path = ProcessInfo.processInfo.environment["SWIFTCONVNET_SWEEP"]

    static let cases: [LayerGolden] = {
        struct File: Decodable { let cases: [LayerGolden] }
        guard let path, let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return [] }
        return (try? JSONDecoder().decode(File.self, from: data))?.cases ?? []
    }()
}

/// Random settings of every layer, as Keras computes them: not part of CI.
@Suite("Layers: a sweep beyond the goldens", .enabled(if: Sweep.path != nil))
struct LayerSweepTests {
    @Test func casesAreThere() { #expect(Sweep.cases.count >= 2_000) }

    @Test(arguments: Sweep.cases)
    func layer(_ golden: LayerGolden) throws { try LayerGoldenTests().layer(golden) }
}
