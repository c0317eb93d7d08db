import BenchmarkCore
import SwiftConvNet

/// One layer in a model of its own.
struct SingleLayer {
    private let single: LayerCase
    private let model: Model

    init(_ single: LayerCase, options: ComputeOptions) throws {
        self.single = single
        model = try Self.model(single, options: options) { Scale()($0) }
        try model.compile(optimizer: .sgd(), loss: .meanSquaredError())
    }

    /// The layer alone, without what stands before it to be timed; several inputs are the same.
    static func plain(_ single: LayerCase, options: ComputeOptions) throws -> Model {
        let model = try model(single, options: options) { $0 }
        try model.randomizeParameters()
        return model
    }

    private static func model(
        _ single: LayerCase,
        options: ComputeOptions,
        _ before: (LayerOutput) -> LayerOutput
    ) throws -> Model {
        let input = Input(shape: single.inputShape)
        let operands = (0..<single.description.inputs).map { _ in
            single.description.numbers.map { WholeNumbers(count: $0)(input) } ?? before(input)
        }
        return try Model(inputs: input, outputs: single.layer(operands), name: "single", options: options)
    }

    /// The seconds of a pass of inference, or of a step of training: forward, backward and the sum over shards.
    func time(mode: Site.Mode, repeats: Int) throws -> Double {
        let profile = try model.profile(batchSize: single.batch, mode: mode, repeats: repeats)
        return profile.rows.reduce(0) { sum, row in
            row.name == LayerCase.layerName || row.part == .gradientSums ? sum + row.seconds : sum
        }
    }
}
