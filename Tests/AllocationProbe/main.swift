// Prints how many allocations each further step of training, and each further batch of an evaluation, makes.

import AllocationCounter
import SwiftConvNet

/// The MNIST network, with a convolution that Winograd's path batches and a normalisation besides.
let model = try Sequential(inputShape: [28, 28, 1], seed: 1, options: ComputeOptions(threads: 2)) {
    Conv2D(filters: 32, kernelSize: 3, activation: .relu)
    MaxPooling2D(poolSize: 2)
    Conv2D(filters: 64, kernelSize: 3, activation: .relu)
    MaxPooling2D(poolSize: 2)
    Conv2D(filters: 16, kernelSize: 3, padding: .same, useBias: false)
    BatchNormalization()
    ReLU()
    Flatten()
    Dense(units: 128, activation: .relu)
    Dropout(rate: 0.5)
    Dense(units: 10, activation: .softmax)
}
try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
let batchSize = 32
let labels = (0..<(24 * batchSize)).map { Int32($0 % 10) }
let images = try Tensor(shape: [labels.count, 28, 28, 1]) { values in
    for place in values.indices { values[place] = Float(place % 97) / 97 }
}
let all = try ArrayDataset(images, Labels(labels))

/// The allocations of a body on the first `steps` batches.
func count(_ steps: Int, _ body: (Subset) throws -> Void) throws -> Int {
    let data = try Subset(all, 0..<(steps * batchSize))
    let before = allocation_count()
    try body(data)
    return allocation_count() - before
}

func report(_ name: String, _ body: (Subset) throws -> Void) throws {
    // Twice before: plans, arena, threads, and what the runtime makes at a first call.
    for _ in 0..<2 { _ = try count(2, body) }
    let few = try count(4, body), many = try count(24, body)
    print(name, allocation_count() < 0 ? "unknown" : "\(many - few)")
}

try report("training") { try model.fit($0, batchSize: batchSize, verbose: .silent) }
try report("evaluation") { _ = try model.evaluate($0, batchSize: batchSize) }
