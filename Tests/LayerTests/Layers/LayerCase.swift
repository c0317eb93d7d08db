import SwiftConvNet
import TestSupport
import Testing

/// A layer at one place, and what it should compute.
struct LayerCase: Sendable, CustomTestStringConvertible {
    /// The outputs, from the inputs and the parameters by name, all with the batch axis first.
    typealias Oracle = @Sendable ([ReferenceTensor], [String: ReferenceTensor]) -> ReferenceTensor

    let name: String
    let layer: any Layer
    let inputs: [Shape]
    var batch = 3
    var tolerance = 2e-5
    /// Whether it computes the same in use as while it trains.
    var isSameInUse = true
    let oracle: Oracle

    var testDescription: String { "\(name), \(inputs), batch \(batch)" }

    /// Checks outputs in training and in use, and all gradients.
    func check(options: ComputeOptions = ComputeOptions(), sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let model = try singleLayerModel(layer, inputs: inputs, options: options)
        try TestValues.randomizeParameters(of: model, seed: 11)
        let x = try TestValues.distinct(model.inputShape.batched(batch), seed: 5)
        func outputs(_ x: ReferenceTensor, _ parameters: [String: ReferenceTensor]) -> ReferenceTensor {
            let short = Dictionary(
                uniqueKeysWithValues: parameters.map {
                    ($0.split(separator: "/").dropFirst().joined(separator: "/"), $1)
                }
            )
            return oracle(splitInputs(x, inputs), short)
        }
        let check = try GradientCheck(model, x, tolerance: tolerance, oracle: outputs)
        #expect(
            check.problems.isEmpty,
            "\(check.problems.joined(separator: "\n"))",
            sourceLocation: sourceLocation
        )
        #expect(check.comparisons > 0, sourceLocation: sourceLocation)
        guard isSameInUse else { return }
        let expected = outputs(
            ReferenceTensor(x),
            try TestValues.parameters(of: model).mapValues(ReferenceTensor.init)
        )
        // Another batch size takes another plan.
        expectClose(
            try model.predict(x, batchSize: 2),
            expected,
            tolerance: tolerance,
            "in use",
            sourceLocation: sourceLocation
        )
    }
}

/// Expects every element within `tolerance` of the largest, or of `floor` if all are smaller than that.
func expectClose(
    _ actual: Tensor,
    _ expected: ReferenceTensor,
    tolerance: Double,
    floor: Double = 1e-2,
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let mismatch = expected.mismatch(with: actual, tolerance: tolerance, floor: floor)
    #expect(mismatch == nil, "\(what)", sourceLocation: sourceLocation)
}
