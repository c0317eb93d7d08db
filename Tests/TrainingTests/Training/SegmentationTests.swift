import SwiftConvNet
import TestSupport
import Testing

@Suite("Segmentation")
struct SegmentationTests {
    /// Pictures with a circle and a square each, and which pixels are which: 0 is neither, 1 the circle, 2 the square. What is drawn later
    /// covers what is below.
    private struct Shapes {
        static let side = 32, classCount = 3
        let pictures: Tensor, masks: Tensor

        init(count: Int, seed: UInt64) throws {
            let side = Self.side
            var random = RandomStream(seed: seed, purpose: .user)
            var pictures: [Float] = [], masks: [Float] = []
            for _ in 0..<count {
                func center() -> Float { random.uniform(in: 7..<Float(side - 7)) }
                let circle = (x: center(), y: center(), size: random.uniform(in: 4..<7))
                let square = (x: center(), y: center(), size: random.uniform(in: 3..<6))
                let isSquareAbove = random.nextWord() & 1 == 0
                let levels = [0..<0.2, 0.8..<1, 0.4..<0.6].map { random.uniform(in: $0) }
                for y in 0..<side {
                    for x in 0..<side {
                        let (dx, dy) = (Float(x) - circle.x, Float(y) - circle.y)
                        let isCircle = dx * dx + dy * dy <= circle.size * circle.size
                        let isSquare =
                            max(abs(Float(x) - square.x), abs(Float(y) - square.y)) <= square.size
                        let kind: Float =
                            isCircle && isSquare ? (isSquareAbove ? 2 : 1) : isCircle ? 1 : isSquare ? 2 : 0
                        masks.append(kind)
                        pictures.append(levels[Int(kind)] + random.uniform(in: -0.1..<0.1))
                    }
                }
            }
            self.pictures = try Tensor(pictures, shape: [count, side, side, 1])
            self.masks = try Tensor(masks, shape: [count, side, side])
        }

        func dataset(for model: Model) throws -> TensorDataset {
            try TensorDataset(
                inputs: [model.inputNames[0]: pictures],
                targets: [model.outputNames[0]: masks]
            )
        }
    }

    /// A U-Net of two levels. Batch normalisation has it learn in few epochs, which `Applications.uNet` as published has not.
    private func network() throws -> Model {
        func twice(_ x: LayerOutput, _ filters: Int) -> LayerOutput {
            (0..<2).reduce(x) { x, _ in
                let maps = Conv2D(filters: filters, kernelSize: 3, padding: .same, useBias: false)(x)
                return Activation(.relu)(BatchNormalization(momentum: 0.9)(maps))
            }
        }
        let input = Input(shape: [Shapes.side, Shapes.side, 1], name: "pictures")
        let large = twice(input, 8)
        let middle = twice(MaxPooling2D()(large), 16)
        let small = twice(MaxPooling2D()(middle), 32)
        var x = Conv2DTranspose(filters: 16, kernelSize: 2, strides: 2)(small)
        x = twice(Concatenate()(middle, x), 16)
        x = Conv2DTranspose(filters: 8, kernelSize: 2, strides: 2)(x)
        x = twice(Concatenate()(large, x), 8)
        let output = Conv2D(filters: Shapes.classCount, kernelSize: 1, activation: .softmax, name: "masks")(x)
        return try Model(inputs: input, outputs: output, seed: 2, options: ComputeOptions(threads: 2))
    }

    @Test("A small U-Net learns to find circles and squares that it has not seen")
    func uNet() throws {
        let model = try network()
        try model.compile(
            optimizer: .adam(learningRate: 0.003),
            loss: .sparseCategoricalCrossentropy(),
            metrics: [MeanIoU(numClasses: Shapes.classCount, sparseYPred: false)]
        )
        let training = try Shapes(count: 128, seed: 1).dataset(for: model)
        let unseen = try Shapes(count: 64, seed: 2).dataset(for: model)
        let before = try model.evaluate(unseen)["mean_io_u"] ?? .nan
        let history = try model.fit(training, batchSize: 16, epochs: 8, verbose: .silent)
        let after = try model.evaluate(unseen)["mean_io_u"] ?? .nan
        // Whoever takes everything for background has a third of 0.8 or so.
        #expect(before < 0.4, "\(before)")
        #expect(after > 0.75, "\(before), then \(after): \(history["loss"])")
        let prediction = try model.predict(Tensor(zeros: [1, Shapes.side, Shapes.side, 1]))
        #expect(prediction.shape == [1, Shapes.side, Shapes.side, Shapes.classCount])
    }
}
