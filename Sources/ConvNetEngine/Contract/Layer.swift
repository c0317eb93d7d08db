/// The description of one step of a network: what it computes, not the numbers that it computes with.
///
/// A layer is an immutable value. It infers shapes, names its parameters, and hands the engine a kernel that
/// does the work; the engine knows no layer by name, so a layer from outside this package is the equal of
/// those within. Most of such layers adopt `SampleLayer`, the easy form.
///
/// Shapes are without the batch axis: images are `[height, width, channels]`.
public protocol Layer: Sendable, Codable {
    /// The layer's name in files, such as `"Conv2D"`: Keras' class name where Keras has one.
    static var kind: String { get }

    /// The name within its model; `nil` for one made from `kind` and counted: `conv2d`, `conv2d_1`.
    var name: String? { get }

    /// The shape of the output for these shapes of the inputs.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the layer cannot take them, of kind `argument` if the
    ///   layer's own settings are out of range.
    func outputShape(for inputs: [Shape]) throws -> Shape

    /// What the layer learns or keeps, in Keras' order. The default is nothing.
    ///
    /// Called with shapes that `outputShape` has accepted.
    func parameters(for inputs: [Shape]) throws -> [ParameterSpec]

    /// The code that runs the layer at a place in a plan. Called once per plan.
    func kernel(at site: Site) throws -> any Kernel

    /// The simpler layers that run in place of this one, one after the other; parameters are shared out to
    /// them in order. The default is the layer itself.
    ///
    /// A `Dense` layer with softmax or sigmoid is a linear `Dense` followed by an `Activation`, so that a loss can
    /// start from the logits between them.
    var pieces: [any Layer] { get }

    /// A layer that does the work of this one and of `next`, which alone reads this one's output, in one go; its
    /// parameters are this one's, then the next one's. The default is `nil`: there is none.
    ///
    /// Asked of pieces, while a plan is made. A convolution takes an activation in, and in use a normalisation.
    func fused(with next: any Layer, for mode: Site.Mode) -> (any Layer)?
}

extension Layer {
    /// None of its own.
    public var name: String? { nil }
    /// Nothing.
    public func parameters(for inputs: [Shape]) throws -> [ParameterSpec] { [] }
    /// The layer itself.
    public var pieces: [any Layer] { [self] }
    /// None.
    public func fused(with next: any Layer, for mode: Site.Mode) -> (any Layer)? { nil }
}

extension Layer {
    /// The only input's shape.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is not exactly one input.
    package func single(_ inputs: [Shape]) throws -> Shape {
        guard inputs.count == 1 else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes one input",
                expected: "1 input",
                received: "\(inputs.count): \(inputs)"
            )
        }
        return inputs[0]
    }

    /// The only input's height, width and channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image.
    package func image(_ inputs: [Shape]) throws -> (height: Int, width: Int, channels: Int) {
        let shape = try single(inputs)
        guard shape.rank == 3 else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes images",
                expected: "[height, width, channels]",
                received: "\(shape)",
                remedy: shape.rank == 2
                    ? "The channel axis is missing: reshape \(shape) to [\(shape[0]), \(shape[1]), 1]"
                    : "Reshape the input, or put a Reshape layer before this one"
            )
        }
        return (shape[0], shape[1], shape[2])
    }
}

/// One array that a layer learns (`isTrainable`) or keeps, such as a moving mean.
public struct ParameterSpec: Sendable {
    /// The name within the layer, as in Keras: `kernel`, `bias`, `gamma`, `moving_mean`.
    public let name: String
    /// The sizes of its axes.
    public let shape: Shape
    /// Where its first values come from.
    public let initializer: any Initializer
    /// Whether the optimizer changes it; if not, the kernel may, while it trains.
    public let isTrainable: Bool

    /// Describes one array of a layer.
    public init(_ name: String, shape: Shape, initializer: any Initializer, isTrainable: Bool = true) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.isTrainable = isTrainable
    }
}
