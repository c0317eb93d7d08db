/// What the losses of yes-or-no questions share.
enum BinaryTargets {
    /// Checks that there is a target for each question; labels answer one question per sample.
    static func validate(_ targets: TargetKind, output: Shape, loss: String) throws {
        guard targets == .labels else { return try targets.validateValues(for: output, loss: loss) }
        guard output.elementCount == 1 else {
            throw ConvNetError(
                .data,
                "Labels answer one question per sample, the model \(output.elementCount)",
                at: "targets",
                expected: "a Tensor of \(output) values per sample, or a model with 1 output",
                received: "\(targets)",
                remedy: "For classes that exclude each other use sparseCategoricalCrossentropy()"
            )
        }
    }

    /// Whether all targets of a sample are 0 or 1.
    static func areBinary(_ sample: LossSample) -> Bool {
        sample.target.isEmpty ? true : sample.target.allSatisfy { $0 == 0 || $0 == 1 }
    }

    /// Whether all targets of a batch are 0 or 1.
    static func areBinary(_ batch: LossBatch) -> Bool {
        (0..<batch.count).allSatisfy { batch.target(of: $0).allSatisfy { $0 == 0 || $0 == 1 } }
    }
}
