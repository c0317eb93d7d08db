import Foundation
import SwiftConvNet
import TestSupport

/// Saved models: what is loaded predicts, unless it is too large for that here.
struct ModelTarget: FuzzTarget {
    static let name = "model"

    let seeds: [[UInt8]]
    let words =
        [
            "InputLayer", "Conv2D", "Dense", "Activation", "ReLU", "Softmax", "MaxPooling2D",
            "AveragePooling2D",
            "GlobalMaxPooling2D", "GlobalAveragePooling2D", "ZeroPadding2D", "Flatten", "Reshape",
            "BatchNormalization", "Dropout", "Rescaling", "Add", "Concatenate", "SGD", "Adam", "AdamW",
            "RMSprop",
            "valid", "same", "relu", "softmax", "inf", "-inf", "nan", "null", "true", "false", "[]", "{}",
            "Model",
            "Sequential", ",", "]", "}",
        ].map { $0 } + [
            #"\"inf\""#, #"\"nan\""#, #"\"name\":\"a\","#, #"\"shape\":[1,1,1]"#, #"\"inputs\":[]"#,
        ]

    // Plans, workers' memory and Foundation's JSON.
    let allowance = 32 << 20

    init() throws {
        let folder = try TemporaryFolder()
        func saved(_ model: Model, compiled: Bool = true) throws -> [UInt8] {
            if compiled {
                try model.compile(
                    optimizer: .adam(),
                    loss: .sparseCategoricalCrossentropy(),
                    metrics: [.accuracy]
                )
            }
            try model.save(to: folder.file("model"))
            return try FileContents.read(folder.file("model"), limit: .max)
        }
        let options = ComputeOptions(threads: 1)
        let input = Input(shape: [6, 6, 2])
        let branch = Conv2D(filters: 2, kernelSize: 3, padding: .same, groups: 2, activation: .tanh)(input)
        let joined = Concatenate()(
            Add()(input, branch),
            AveragePooling2D(poolSize: 2, strides: 1, padding: .same)(input)
        )
        let output = Softmax()(Reshape(targetShape: [4])(GlobalAveragePooling2D()(joined)))
        seeds = [
            try saved(
                Sequential(inputShape: [6, 6, 1], seed: 1, options: options) {
                    ZeroPadding2D(padding: 1)
                    Conv2D(filters: 2, kernelSize: 3, strides: 2, activation: .leakyReLU(negativeSlope: 0.1))
                    MaxPooling2D(poolSize: 2)
                    Flatten()
                    Dense(units: 3, activation: .softmax)
                }
            ),
            try saved(Model(inputs: input, outputs: output, options: options), compiled: false),
            try saved(
                Sequential(inputShape: [4, 4, 2], seed: 1, options: options) {
                    Rescaling(scale: 0.5)
                    Conv2D(filters: 2, kernelSize: 2, dilationRate: 2, useBias: false)
                    BatchNormalization()
                    ReLU()
                    GlobalMaxPooling2D()
                    Dropout(rate: 0.5)
                    Dense(units: 2)
                },
                compiled: false
            ),
        ]
    }

    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        SafeTensorsRepair.mend(&input, &random)
    }

    func read(_ input: [UInt8]) throws {
        let model = try Model.load(SafeTensors(bytes: input), options: ComputeOptions(threads: 1))
        _ = try model.summary(batchSize: 1)
        // A file may name any sizes of images; those that are large but fit would only take long.
        let size = model.graph.nodes.reduce(0.0) {
            $0 + $1.outputShapes.reduce(0.0) { $0 + Double($1.elementCount) }
        }
        guard !(16_384...1e13).contains(size) else { return }
        _ = try model.predict(Tensor(shape: model.inputShape.batched(1), repeating: 0.5))
    }
}
