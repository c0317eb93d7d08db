import SwiftConvNet
import TestSupport
import Testing

/// Numbers that would leave the range of `Int`, or of an array, if they were computed with: each is an error, not a trap.
@Suite("Extreme numbers are errors")
struct ExtremeArgumentTests {
    private let model: Sequential
    private let x: Tensor
    private let y: Labels

    init() throws {
        model = try SmallNetwork.make()
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        x = try SmallNetwork.images(10)
        y = SmallNetwork.labels(10)
    }

    private func refused(_ call: () throws -> Void) { #expect(throws: ConvNetError.self) { try call() } }

    @Test("Lengths of lines", arguments: [Int.min, -1, 0, 1, 20, 1 << 17, Int.max])
    func lineLength(length: Int) { refused { _ = try model.summary(lineLength: length) } }

    @Test("Batch sizes", arguments: [Int.min, -1, 0])
    func batchSize(size: Int) {
        refused { _ = try model.predict(x, batchSize: size) }
        refused { _ = try model.evaluate(x, y, batchSize: size) }
        refused { try model.fit(x, y, batchSize: size, verbose: .silent) }
        refused { _ = try model.summary(batchSize: size) }
        refused { _ = try model.profile(batchSize: size) }
    }

    @Test("The largest batch size is all samples at once")
    func largestBatch() throws {
        #expect(try model.predict(x, batchSize: .max).shape == [10, 3])
        #expect(try model.evaluate(x, y, batchSize: .max).loss?.isFinite == true)
        try model.fit(x, y, batchSize: .max, epochs: 2, verbose: .silent)
        refused { _ = try model.summary(batchSize: .max) }
    }

    @Test("Epochs")
    func epochs() throws {
        for (epochs, initial) in [(-1, 0), (Int.min, 0), (0, -1), (1, Int.min), (Int.max, Int.max)] {
            refused { try model.fit(x, y, epochs: epochs, verbose: .silent, initialEpoch: initial) }
        }
        #expect(try model.fit(x, y, epochs: 0, verbose: .silent).epochs.isEmpty)
    }

    @Test("Layers", arguments: [Int.min, Int.min + 1, -1, 0, Int.max])
    func layers(number: Int) {
        func build(_ layer: any Layer) {
            refused { _ = try Sequential(inputShape: [6, 6, 2], layers: [layer]) }
        }
        let size = Size2D(number, 1)
        build(Conv2D(filters: number, kernelSize: 3))
        build(Conv2D(filters: 4, kernelSize: size))
        build(Conv2D(filters: 4, kernelSize: 1, dilationRate: size))
        build(Conv2D(filters: 4, kernelSize: 1, strides: size))
        build(Conv2D(filters: 4, kernelSize: 1, groups: number))
        build(MaxPooling2D(poolSize: size))
        build(AveragePooling2D(poolSize: 2, strides: size))
        if number != 0 { build(ZeroPadding2D(padding: size)) }
        if number != -1 { build(Concatenate(axis: number)) }
        build(Reshape(targetShape: [number, number]))
        refused { _ = try Sequential(inputShape: [6, number, 2], layers: [Flatten(), Dense(units: 3)]) }
        refused { _ = try Sequential(inputShape: [6], layers: [Dense(units: number)]) }
    }

    @Test("Tensors")
    func tensors() throws {
        for shape: Shape in [[.max, 2], [-1, -1], [.min], [1 << 40, 1 << 40], [.max, .max, 0]] {
            refused { _ = try Tensor(zeros: shape) }
            refused { _ = try x.reshaped(to: shape) }
            refused { _ = try Tensor([1, 2], shape: shape) }
            refused { _ = try ByteTensor([1, 2], shape: shape) }
        }
        refused { _ = try x.sliced(-1..<1) }
        refused { _ = try x.sliced(0..<Int.max) }
        refused { _ = try Subset(ArrayDataset(x, y), [Int.max]) }
        refused { _ = try y.oneHot(classCount: .min) }
        refused { _ = try y.oneHot(classCount: .max) }
        refused { _ = try Labels([Int.max]) }
    }
}
