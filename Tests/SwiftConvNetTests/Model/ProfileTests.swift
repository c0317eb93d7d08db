import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Profile")
struct ProfileTests {
    /// Every kind of stage, a value with two readers, a layer of two pieces, and one without stages.
    private func network(loss: (any Loss)? = .sparseCategoricalCrossentropy()) throws -> Model {
        let input = Input(shape: [10, 9, 2])
        var x = Conv2D(filters: 4, kernelSize: 3, padding: .same, name: "conv")(input)
        x = BatchNormalization(name: "norm")(x)
        let y = Conv2D(filters: 4, kernelSize: 1, activation: .relu, name: "short")(x)
        x = Dropout(rate: 0.3, name: "drop")(Flatten(name: "flat")(Add(name: "sum")(x, y)))
        let output = Dense(units: 3, activation: .softmax, name: "out")(x)
        let model = try Model(
            inputs: input,
            outputs: output,
            seed: 5,
            options: ComputeOptions(threads: 2)
        )
        if let loss { try model.compile(optimizer: .adam(), loss: loss) }
        return model
    }

    private let layers = ["conv", "norm", "short", "sum", "flat", "drop", "out"]

    @Test("Inference: a row for reading the samples and for each layer, with its path and time")
    func inference() throws {
        let profile = try network().profile(batchSize: 6, repeats: 3)
        #expect(profile.rows.map(\.name) == ["gather"] + layers)
        #expect(profile.rows.map(\.part) == [.gather] + layers.map { _ in .layer })
        #expect(profile.rows.allSatisfy { $0.backwardSeconds == nil })
        for row in profile.rows {
            // Flatten passes its input on; dropout passes everything in inference; the normalisation is folded into
            // the convolution.
            #expect((row.forwardSeconds > 0) == !["norm", "flat", "drop"].contains(row.name), "\(row.name)")
        }
        #expect(profile[layer: "conv"]?.implementation.isEmpty == false)
        #expect(profile[layer: "conv"]?.kind == "Conv2D")
        #expect(profile[layer: "conv"]?.outputShape == [10, 9, 4])
        #expect(profile[layer: "conv1"] == nil)
        #expect(profile.totalSeconds == profile.rows.reduce(0) { $0 + $1.forwardSeconds })
        #expect(profile.batchSize == 6 && profile.repeats == 3 && profile.mode == .inference)
        #expect(profile.workerCount == 2 && profile.coreName == OpenBLAS.coreName)
    }

    @Test("Training: backward times, the loss, sums of gradients and the optimizer")
    func training() throws {
        let profile = try network().profile(batchSize: 6, mode: .training, repeats: 2)
        #expect(profile.rows.map(\.name) == ["gather"] + layers + ["loss", "gradient sums", "optimizer"])
        for name in ["conv", "norm", "short", "sum", "drop", "out"] {
            #expect((profile[layer: name]?.backwardSeconds ?? 0) > 0, "\(name)")
        }
        #expect(profile[layer: "flat"]?.seconds == 0)
        for row in profile.rows.suffix(3) { #expect(row.seconds > 0, "\(row.name)") }
        #expect(profile.rows.last?.kind == "Adam")
    }

    @Test("The paths are those of the summary")
    func paths() throws {
        for path in ComputeOptions.ConvolutionPath.allCases {
            let model = try Sequential(
                inputShape: [8, 8, 1],
                options: ComputeOptions(threads: 1, convolutionPath: path)
            ) { Conv2D(filters: 2, kernelSize: 3, name: "conv") }
            let row = try #require(model.profile(batchSize: 2, repeats: 1)[layer: "conv"])
            #expect(
                try model.summary(batchSize: 2, lineLength: 200, characters: .unicode).contains(
                    row.implementation
                )
            )
        }
    }

    @Test("The model stays as it was, bit for bit, and trains on as if nothing had been")
    func unchanged() throws {
        func train(profiling: Bool) throws -> Model {
            let model = try SmallNetwork.trained()
            if profiling {
                let before = model.parameters.map(\.values.bits)
                let step = model.stepCount
                _ = try model.profile(batchSize: 5, mode: .training, repeats: 2)
                _ = try model.profile(batchSize: 16)
                #expect(model.parameters.map(\.values.bits) == before)
                #expect(model.stepCount == step)
            }
            try SmallNetwork.train(model, epochs: 3, after: 2)
            return model
        }
        let profiled = try train(profiling: true), other = try train(profiling: false)
        #expect(profiled.parameters.map(\.values.bits) == other.parameters.map(\.values.bits))

        let normalizing = try network()
        let before = normalizing.parameters.map(\.values.bits)
        _ = try normalizing.profile(batchSize: 4, mode: .training, repeats: 1)
        #expect(normalizing.parameters.map(\.values.bits) == before)
    }

    @Test(
        "Targets suit the loss",
        arguments: [
            .sparseCategoricalCrossentropy(), .categoricalCrossentropy(), .binaryCrossentropy(),
            .meanSquaredError(),
        ] as [any Loss]
    )
    func losses(loss: any Loss) throws {
        let profile = try network(loss: loss).profile(batchSize: 3, mode: .training, repeats: 1)
        #expect(profile.rows.contains { $0.part == .loss && $0.kind == type(of: loss).kind })
    }

    @Test("A map of classes, too")
    func maps() throws {
        let model = try Sequential(inputShape: [6, 6, 1]) {
            Conv2D(filters: 3, kernelSize: 3, activation: .softmax)
        }
        try model.compile(loss: .sparseCategoricalCrossentropy())
        #expect(try model.profile(batchSize: 2, mode: .training, repeats: 1).totalSeconds > 0)
    }

    @Test("Wrong calls are errors")
    func errors() throws {
        let model = try network(loss: nil)
        let state = #expect(throws: ConvNetError.self) { try model.profile(mode: .training) }
        #expect(state?.kind == .state)
        for (batchSize, repeats) in [(0, 1), (-3, 1), (1, 0)] {
            let error = #expect(throws: ConvNetError.self) {
                try model.profile(batchSize: batchSize, repeats: repeats)
            }
            #expect(error?.kind == .argument)
            #expect(error?.location == (batchSize < 1 ? "batchSize" : "repeats"))
        }
    }

    @Test("It survives JSON, and reads as a table")
    func output() throws {
        let profile = try network().profile(batchSize: 4, mode: .training, repeats: 1)
        let copy = try JSONDecoder().decode(Profile.self, from: JSONEncoder().encode(profile))
        #expect(copy == profile)
        let lines = profile.description.split(separator: "\n")
        #expect(lines[0].hasPrefix("Training step, batch size 4, 2 workers, OpenBLAS core "))
        #expect(lines.dropFirst().dropLast().allSatisfy { $0.count == 100 })
        #expect(lines.contains { $0.contains("conv (Conv2D)") && $0.contains("(4, 10, 9, 4)") })
        #expect(lines.contains { $0.contains("gradient sums") })
        #expect(lines.last?.contains("Total: ") == true)
        let inference = try network().profile(batchSize: 4, repeats: 1).description
        #expect(!inference.contains("Backward"))
    }
}
