import BenchmarkCore
import SwiftConvNet

/// One convolution in a model of its own.
struct SingleConvolution {
    /// One profile, of inference or of a step of training.
    struct Timing {
        /// How the convolution was computed.
        let path: String
        /// The median of the forward pass, in seconds, with padding where the convolution cannot pad by itself. In a
        /// step of training the weights have just changed, and what a path makes of them is made anew.
        let forward: Double
        /// The median of the forward and the backward pass, with the sum over shards.
        let both: Double
    }

    let shape: ConvolutionShape
    let model: Model

    /// - Throws: `ConvNetError` if the path does not apply to the shape.
    init(_ shape: ConvolutionShape, path: ComputeOptions.ConvolutionPath, options: ComputeOptions) throws {
        self.shape = shape
        var options = options
        options.convolutionPath = path
        let first: [any Layer] = shape.needsInputGradient ? [Scale()] : []
        model = try Sequential(
            inputShape: Self.input(shape),
            layers: first + Self.layers(shape),
            name: "conv",
            options: options
        )
        try model.compile(optimizer: .sgd(), loss: .meanSquaredError())
    }

    /// The convolution alone, without what stands before it to be timed.
    static func plain(_ shape: ConvolutionShape, options: ComputeOptions) throws -> Model {
        let model = try Sequential(
            inputShape: input(shape),
            layers: layers(shape),
            name: "conv",
            options: options
        )
        try model.randomizeParameters()
        return model
    }

    private static func input(_ shape: ConvolutionShape) -> Shape {
        [shape.height, shape.width, shape.channels]
    }

    private static func layers(_ shape: ConvolutionShape) -> [any Layer] {
        // Padded as PyTorch does: alike on both sides. Where `same` means that, nothing is copied.
        let isPadded = shape.padding > 0 && !isSame(shape)
        let padding: [any Layer] = isPadded ? [ZeroPadding2D(padding: size(shape.padding), name: "pad")] : []
        return padding + [
            Conv2D(
                filters: shape.filters,
                kernelSize: size(shape.kernel),
                strides: size(shape.stride),
                padding: isSame(shape) ? .same : .valid,
                groups: shape.groups,
                name: "conv"
            )
        ]
    }

    private static func isSame(_ shape: ConvolutionShape) -> Bool {
        shape.stride == 1 && shape.padding > 0 && 2 * shape.padding == shape.kernel - 1
    }

    private static func size(_ side: Int) -> Size2D { Size2D(side, side) }

    /// Times a pass of inference or a step of training.
    func time(batch: Int, mode: Site.Mode, repeats: Int) throws -> Timing {
        let profile = try model.profile(batchSize: batch, mode: mode, repeats: repeats)
        let rows = profile.rows.filter { ["pad", "conv"].contains($0.name) || $0.part == .gradientSums }
        return Timing(
            path: profile[layer: "conv"]?.implementation ?? "",
            forward: rows.reduce(0) { $0 + $1.forwardSeconds },
            both: rows.reduce(0) { $0 + $1.seconds }
        )
    }
}
