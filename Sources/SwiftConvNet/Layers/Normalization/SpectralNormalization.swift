/// Applies a layer whose kernel is divided, at every step of training, by its largest singular value, so that the layer
/// stretches no input by more than a factor of 1.
///
/// As in Keras, the quotient takes the place of the kernel: the optimizer changes it, and in use the layer multiplies by the kernel as
/// the last step has left it. The singular value is estimated by a power iteration whose vector is kept from step to step; the
/// kernel is a matrix with the last axis as its columns. A layer that is frozen keeps its kernel.
///
/// Shapes, without the batch axis: those of the layer. Parameters: the layer's kernel, named `layer/kernel`; `vector_u`
/// `[1, columns]`, which is kept, not learned; then the layer's others, such as `layer/bias`.
///
/// ```swift
/// SpectralNormalization(Conv2D(filters: 32, kernelSize: 3))
/// ```
///
/// Source: Miyato and others, Spectral normalization for generative adversarial networks, 2018.
public struct SpectralNormalization: Layer {
    /// `SpectralNormalization`.
    public static let kind = "SpectralNormalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The layer whose kernel is normalised.
    @CodedLayer public var layer: any Layer
    /// The steps of the power iteration at every step of training.
    public let powerIterations: Int

    /// A layer with a kernel that is normalised; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - layer: a layer with a parameter `kernel`, such as `Dense` or `Conv2D`. Its own name does not count.
    ///   - powerIterations: the steps of the power iteration at every step of training, at least 1. Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(_ layer: any Layer, powerIterations: Int = 1, name: String? = nil) {
        _layer = CodedLayer(wrappedValue: layer)
        self.powerIterations = powerIterations
        self.name = name
    }

    /// The number of outputs of the layer.
    public var outputCount: Int { layer.outputCount }

    /// Emits a `DivideBySpectralNorm` while training, and what the layer emits.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `powerIterations` is less than 1 or the layer has no kernel; what the layer
    ///   throws.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        guard powerIterations >= 1 else {
            throw ConvNetError(
                .argument,
                "A power iteration needs steps",
                at: "powerIterations",
                expected: "at least 1",
                received: "\(powerIterations)"
            )
        }
        let part = "layer"
        let specs: [ParameterSpec]
        do { specs = try layer.parameterSpecs(for: inputs.map(\.shape)) } catch let error as ConvNetError {
            throw error.located(at: part)
        }
        guard let spec = specs.first(where: { $0.name == "kernel" }), spec.isTrainable,
            let columns = spec.shape.last
        else {
            throw ConvNetError(
                .argument,
                "A layer has no kernel to be normalised",
                at: part,
                expected: "a layer with a parameter named kernel, such as Dense or Conv2D",
                received: "\(type(of: layer).kind), with \(specs.isEmpty ? "none" : "\(specs.map(\.name))")"
            )
        }
        let kernel = try lowering.parameter(spec.changedByLayer(named: "\(part)/\(spec.name)"))
        let vector = try lowering.state("vector_u", [1, columns], TruncatedNormal(standardDeviation: 0.02))
        func apply(_ lowering: inout Lowering) throws -> [Value] {
            try lowering.apply(layer, inputs, named: part)
        }
        guard lowering.mode == .training, !lowering.isFrozen else { return try apply(&lowering) }
        let divide = DivideBySpectralNorm(iterations: powerIterations)
        let normalized = try lowering.emit(divide, kernel, vector)[0]
        return try lowering.reading(normalized, inPlaceOf: kernel, apply)
    }
}
