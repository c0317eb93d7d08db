import SwiftConvNet

/// A dataset that begins again at its end, for epochs as long as a measurement asks for.
package struct SampleLoop: SampleDataset {
    private let base: ArrayDataset
    package let count: Int
    package var sampleShape: Shape { base.sampleShape }
    package var targetKind: TargetKind { base.targetKind }

    /// The samples of `base`, `count` of them.
    package init(_ base: ArrayDataset, count: Int) {
        self.base = base
        self.count = count
    }

    package func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
        base.readSample(index % base.count, into: destination)
    }

    package func readLabel(_ index: Int) throws -> Int32 { try base.readLabel(index % base.count) }

    package func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        try base.readTarget(index % base.count, into: destination)
    }
}
