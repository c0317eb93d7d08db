import SwiftConvNet
import TestSupport
import Testing

/// An operator, or several, in a closure over batched inputs and whole parameters, and what it should compute.
struct OperatorCase: Sendable, CustomTestStringConvertible {
    /// The outputs from the inputs, batch axis first, and from the parameters by name.
    typealias Oracle = @Sendable ([ReferenceTensor], [String: ReferenceTensor]) -> ReferenceTensor

    let name: String
    let inputs: [Shape]
    let lower: @Sendable ([Value], inout Lowering) throws -> Value
    let oracle: Oracle
    var tolerance = 2e-5

    var testDescription: String { name }

    /// The same as a layer, for batches of this size.
    func layerCase(batch: Int) -> LayerCase {
        LayerCase(
            name: name,
            layer: Lambda(inputCount: inputs.count, lower),
            inputs: inputs,
            batch: batch,
            tolerance: tolerance,
            oracle: oracle
        )
    }

    /// What a step makes of every parameter and of the samples, on some number of workers.
    func gradients(batch: Int, threads: Int) throws -> ([String: Tensor], Tensor) {
        let model = try singleLayerModel(
            Lambda(inputCount: inputs.count, lower),
            inputs: inputs,
            options: ComputeOptions(threads: threads)
        )
        try TestValues.randomizeParameters(of: model, seed: 11)
        let pass = try TrainingPass(
            model,
            TestValues.distinct(model.inputShape.batched(batch), seed: 5),
            upstream: TestValues.uniform(model.outputShape.batched(batch), seed: 7)
        )
        return (pass.parameterGradients, pass.sampleGradient)
    }
}
