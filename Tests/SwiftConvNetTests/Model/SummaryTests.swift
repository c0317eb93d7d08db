import SwiftConvNet
import Testing

@Suite("Summary")
struct SummaryTests {
    private func mnistNetwork(threads: Int = 2) throws -> Sequential {
        try Sequential(inputShape: [28, 28, 1], seed: 42, options: ComputeOptions(threads: threads)) {
            Conv2D(filters: 32, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Conv2D(filters: 64, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Flatten()
            Dense(units: 128, activation: .relu)
            Dropout(rate: 0.5)
            Dense(units: 10, activation: .softmax)
        }
    }

    @Test("The MNIST network: the text that Keras 3.15 prints on a terminal of 80 columns")
    func mnist() throws {
        let model = try mnistNetwork()
        #expect(model.parameterCount == 225_034)
        #expect(model.trainableParameterCount == 225_034)
        let summary = try model.summary(characters: .unicode)
        #expect(
            summary == """
                Model: "sequential"
                ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
                ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
                │ conv2d (Conv2D)                 │ (None, 26, 26, 32)     │           320 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ max_pooling2d (MaxPooling2D)    │ (None, 13, 13, 32)     │             0 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ conv2d_1 (Conv2D)               │ (None, 11, 11, 64)     │        18,496 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ max_pooling2d_1 (MaxPooling2D)  │ (None, 5, 5, 64)       │             0 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ flatten (Flatten)               │ (None, 1600)           │             0 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ dense (Dense)                   │ (None, 128)            │       204,928 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ dropout (Dropout)               │ (None, 128)            │             0 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ dense_1 (Dense)                 │ (None, 10)             │         1,290 │
                └─────────────────────────────────┴────────────────────────┴───────────────┘
                 Total params: 225,034 (879.04 KB)
                 Trainable params: 225,034 (879.04 KB)
                 Non-trainable params: 0 (0.00 B)
                """
        )
    }

    @Test("Compiled, and on shorter lines: the text that Keras 3.15 prints with line_length=64")
    func compiled() throws {
        let model = try mnistNetwork()
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
        let lines = try model.summary(lineLength: 64, characters: .unicode).split(separator: "\n")
        #expect(
            lines[1...7].joined(separator: "\n") == """
                ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┓
                ┃ Layer (type)              ┃ Output Shape        ┃    Param # ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━┩
                │ conv2d (Conv2D)           │ (None, 26, 26, 32)  │        320 │
                ├───────────────────────────┼─────────────────────┼────────────┤
                │ max_pooling2d             │ (None, 13, 13, 32)  │          0 │
                │ (MaxPooling2D)            │                     │            │
                """
        )
        #expect(
            lines.suffix(4).joined(separator: "\n") == """
                 Total params: 675,104 (2.58 MB)
                 Trainable params: 225,034 (879.04 KB)
                 Non-trainable params: 0 (0.00 B)
                 Optimizer params: 450,070 (1.72 MB)
                """
        )
    }

    @Test("With a batch size: the path of each layer, and the memory of training and inference")
    func batch() throws {
        let model = try mnistNetwork(threads: 3)
        let inferenceOnly = try model.summary(batchSize: 8, characters: .unicode)
        #expect(!inferenceOnly.contains("Training memory"))
        #expect(inferenceOnly.contains("Inference memory at batch size 8"))
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
        let summary = try model.summary(batchSize: 128, characters: .unicode)
        let lines = summary.split(separator: "\n")
        #expect(lines[2].contains("Computed by"))
        #expect(lines.contains { $0.contains("conv2d_1 (Conv2D)") && $0.contains("Winograd") })
        #expect(lines.dropFirst().prefix { !$0.hasPrefix(" ") }.allSatisfy { $0.count == 100 })
        #expect(
            lines.suffix(2).map { $0.split(separator: ":")[0] } == [
                " Training memory at batch size 128", " Inference memory at batch size 128",
            ]
        )
        #expect(lines.suffix(2).allSatisfy { $0.contains("3 workers") })

        let training = try model.plannedMemory(batchSize: 128, for: .training)
        let inference = try model.plannedMemory(batchSize: 128, for: .inference)
        #expect(training.workerCount == 3)
        #expect(training.total == training.arena + training.prepared + 3 * (training.tile + training.scratch))
        #expect(inference.total < training.total)
        // The samples themselves are in it, and the network is no larger than this.
        #expect((128 * 784 * 4..<64 << 20).contains(inference.total))
        #expect((128 * 784 * 4..<64 << 20).contains(training.total))
        #expect(try model.plannedMemory(batchSize: 256, for: .training).arena > training.arena)
    }

    @Test("A network that is no chain shows what each layer reads")
    func graph() throws {
        let input = Input(shape: [8, 8, 3])
        let x = Conv2D(filters: 4, kernelSize: 3, padding: .same)(input)
        let y = Conv2D(filters: 4, kernelSize: 3, padding: .same)(x)
        let sum = PairSum()([x, y])
        let model = try Model(inputs: input, outputs: Dense(units: 10)(Flatten()(sum)))
        let summary = try model.summary(lineLength: 108, characters: .unicode)
        #expect(
            summary == """
                Model: "functional"
                ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
                ┃ Layer (type)                  ┃ Output Shape              ┃         Param # ┃ Connected to               ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
                │ input_layer (InputLayer)      │ (None, 8, 8, 3)           │               0 │ -                          │
                ├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
                │ conv2d (Conv2D)               │ (None, 8, 8, 4)           │             112 │ input_layer                │
                ├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
                │ conv2d_1 (Conv2D)             │ (None, 8, 8, 4)           │             148 │ conv2d                     │
                ├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
                │ pair_sum (PairSum)            │ (None, 8, 8, 4)           │               0 │ conv2d, conv2d_1           │
                ├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
                │ flatten (Flatten)             │ (None, 256)               │               0 │ pair_sum                   │
                ├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
                │ dense (Dense)                 │ (None, 10)                │           2,570 │ flatten                    │
                └───────────────────────────────┴───────────────────────────┴─────────────────┴────────────────────────────┘
                 Total params: 2,830 (11.05 KB)
                 Trainable params: 2,830 (11.05 KB)
                 Non-trainable params: 0 (0.00 B)
                """
        )
    }

    @Test("A line that is too short, and a batch without samples, are errors")
    func badArguments() throws {
        let model = try mnistNetwork()
        for length in [-1, 0, 12] {
            #expect(throws: ConvNetError.self) { try model.summary(lineLength: length) }
        }
        #expect(throws: ConvNetError.self) { try model.summary(batchSize: 0) }
        let error = #expect(throws: ConvNetError.self) {
            try model.plannedMemory(batchSize: 8, for: .training)
        }
        #expect(error?.kind == .state)
    }
}

/// Adds two inputs.
private struct PairSum: SampleLayer {
    static let kind = "PairSum"

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }

    func forward(_ sample: SampleContext) {
        for place in sample.output.indices {
            sample.output[place] = sample.input(0)[place] + sample.input(1)[place]
        }
    }

    func backward(_ sample: SampleContext) {
        for input in 0..<2 where sample.needsInputGradient(input) {
            for place in sample.outputGradient.indices {
                sample.inputGradient(input)[place] = sample.outputGradient[place]
            }
        }
    }
}
