/// The description of one step of a network: what it computes, not the numbers that it computes with.
///
/// A layer is an immutable value. Its one function, `lower`, checks its inputs, declares its parameters and emits the operators
/// that do the work; the engine knows no layer by name, so a layer from outside this package is the equal of those within.
/// Most of such layers adopt `SampleLayer`, the easy form, or are made of other layers:
///
/// ```swift
/// struct ResidualBlock: Layer {
///     static let kind = "ResidualBlock"
///     var filters: Int
///     func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
///         let x = try lowering.single(inputs)
///         let convolution = Conv2D(filters: filters, kernelSize: 3, padding: .same, activation: .relu)
///         let y = try lowering.apply(convolution, x, named: "convolution")
///         return try lowering.apply(Add(), x, y[0], named: "add")
///     }
/// }
/// ```
///
/// Shapes are without the batch axis: images are `[height, width, channels]`.
public protocol Layer: Applicable, Sendable, Codable {
    /// The layer's name in files, such as `"Conv2D"`: Keras' class name where Keras has one.
    static var kind: String { get }

    /// The name within its model; `nil` for one made from `kind` and counted: `conv2d`, `conv2d_1`.
    var name: String? { get }

    /// The number of its outputs. The default is 1.
    var outputCount: Int { get }

    /// Emits the operators that compute the outputs from the inputs. Called once for each plan, and when a model is made; it
    /// declares the same parameters, in Keras' order, whatever the batch, the mode and whether it is frozen.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the layer cannot take the inputs, of kind `argument` if one of its
    ///   settings is out of range.
    func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value]
}

extension Layer {
    /// None of its own.
    public var name: String? { nil }
    /// One.
    public var outputCount: Int { 1 }

    /// The shapes of the outputs for these shapes of the inputs, without the batch axis.
    ///
    /// - Throws: what `lower` throws.
    public func outputShapes(for inputs: [Shape]) throws -> [Shape] { try lowered(for: inputs).shapes }

    /// What the layer learns or keeps, for inputs of these shapes, in Keras' order.
    ///
    /// - Throws: what `lower` throws.
    public func parameterSpecs(for inputs: [Shape]) throws -> [ParameterSpec] {
        try lowered(for: inputs).specs
    }

    private func lowered(for inputs: [Shape]) throws -> (shapes: [Shape], specs: [ParameterSpec]) {
        var lowering = Lowering(batch: 2, mode: .inference)
        let values = inputs.map { lowering.input($0, node: 0, path: "") }
        let outputs = try lowering.lower(self, values, layerIndex: 0, node: 0, path: "")
        return (outputs.map(\.shape), lowering.graph.parameters.map(\.spec))
    }
}
