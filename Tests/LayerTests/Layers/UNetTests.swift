import SwiftConvNet
import TestSupport
import Testing

/// A network of the kind of U-Net: what is made smaller is made larger again, and joined with what was cropped beside it.
@Suite("A network that makes images smaller and larger again")
struct UNetTests {
    private func model(_ interpolation: Interpolation, threads: Int) throws -> Model {
        let input = Input(shape: [20, 24, 3], flexibleAxes: [0, 1])
        let x = Rescaling(scale: [0.5, 1, 2], offset: [0, 0.25, -0.5])(input)
        let high = Conv2D(filters: 6, kernelSize: 3, padding: .same, activation: .relu)(x)
        var low = MaxPooling2D()(high)
        low = SeparableConv2D(filters: 8, kernelSize: 3, padding: .same, activation: .relu)(low)
        low = DepthwiseConv2D(kernelSize: 3, padding: .same, activation: .relu)(low)
        low = Cropping2D(cropping: 1)(low)
        let up = UpSampling2D(interpolation: interpolation)(low)
        let joined = Concatenate()(Cropping2D(cropping: 2)(high), up)
        let wide = ZeroPadding2D(padding: 2)(joined)
        let output = Conv2D(filters: 4, kernelSize: 1, activation: .softmax)(wide)
        let model = try Model(
            inputs: input,
            outputs: output,
            seed: 3,
            options: ComputeOptions(threads: threads)
        )
        try model.compile(optimizer: .adam(learningRate: 0.01), loss: .categoricalCrossentropy())
        return model
    }

    @Test("It learns, with the same bits on any number of workers", arguments: Interpolation.allCases)
    func learns(_ interpolation: Interpolation) throws {
        let x = try TestValues.uniform([9, 20, 24, 3], seed: 6)
        // The class of a pixel is one of what can be seen of it.
        let classes = (0..<(9 * 20 * 24)).flatMap { pixel in
            let value = x.elements[3 * pixel]
            let place = value < -0.5 ? 0 : value < 0 ? 1 : value < 0.5 ? 2 : 3
            return (0..<4).map { $0 == place ? Float(1) : 0 }
        }
        let y = try Tensor(classes, shape: [9, 20, 24, 4])
        var weights: [[[Float]]] = []
        for threads in 1...4 {
            let model = try model(interpolation, threads: threads)
            let history = try model.fit(x, y, batchSize: 9, epochs: 4, verbose: .silent)
            let losses = history["loss"]
            #expect(losses.count == 4 && losses.allSatisfy(\.isFinite))
            #expect((losses.last ?? 0) < (losses.first ?? 0))
            #expect(try model.predict(TestValues.uniform([2, 12, 16, 3], seed: 8)).shape == [2, 12, 16, 4])
            weights.append(model.parameters.map(\.values.elements))
        }
        for other in weights.dropFirst() { #expect(other == weights[0]) }
    }
}
