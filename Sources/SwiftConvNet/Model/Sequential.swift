/// A chain of layers and models: what each puts out, the next takes in.
///
/// ```swift
/// let model = try Sequential(inputShape: [28, 28, 1], seed: 42) {
///     Conv2D(filters: 32, kernelSize: 3, activation: .relu)
///     MaxPooling2D(poolSize: 2)
///     Flatten()
///     Dense(units: 10, activation: .softmax)
/// }
/// ```
public final class Sequential: Model {
    /// A chain of the layers that the closure lists; `if`, `else`, `switch`, `for` and optional layers work in it.
    ///
    /// - Parameters:
    ///   - inputShape: the shape of one sample: `[height, width, channels]` for images.
    ///   - flexibleAxes: the axes of `inputShape` that may have other sizes, as of `Input`. Default none.
    ///   - name: the model's name.
    ///   - seed: from which all random numbers of the model come: initial weights, dropout, shuffling.
    ///   - options: how to compute.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` that names the layer which does not fit.
    public convenience init(
        inputShape: Shape,
        flexibleAxes: Set<Int> = [],
        name: String = "sequential",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions(),
        @LayerBuilder layers: () throws -> [any Applicable]
    ) throws {
        try self.init(
            inputShape: inputShape,
            flexibleAxes: flexibleAxes,
            layers: layers(),
            name: name,
            seed: seed,
            options: options
        )
    }

    /// A chain of the layers in an array; as `init(inputShape:flexibleAxes:name:seed:options:layers:)` with a closure.
    public init(
        inputShape: Shape,
        flexibleAxes: Set<Int> = [],
        layers: [any Applicable],
        name: String = "sequential",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws {
        let input = Input(shape: inputShape, flexibleAxes: flexibleAxes)
        var output = input
        for (place, layer) in layers.enumerated() {
            let outputs = layer.apply([output])
            guard outputs.count == 1 else {
                throw ConvNetError(
                    .argument,
                    "A layer of a Sequential has one output",
                    at: "layer \(place + 1)",
                    expected: "1",
                    received: "\(outputs.count)",
                    remedy: "Build a Model(inputs:outputs:)"
                )
            }
            output = outputs[0]
        }
        let chain = try Assembly(inputs: [input], outputs: [output])
        try super.init(chain, name: name, seed: seed, options: options, initialize: true)
    }

    required init(
        _ assembly: Assembly,
        name: String,
        seed: UInt64,
        options: ComputeOptions,
        initialize: Bool
    ) throws {
        try super.init(assembly, name: name, seed: seed, options: options, initialize: initialize)
    }
}

/// Collects the layers that a closure lists.
@resultBuilder
public enum LayerBuilder {
    public static func buildExpression(_ layer: any Applicable) -> [any Applicable] { [layer] }
    public static func buildExpression(_ layers: some Sequence<any Applicable>) -> [any Applicable] {
        Array(layers)
    }
    public static func buildExpression(_ layers: some Sequence<any Layer>) -> [any Applicable] {
        layers.map { $0 }
    }
    public static func buildExpression(_ layers: some Sequence<some Applicable>) -> [any Applicable] {
        layers.map { $0 }
    }
    public static func buildBlock(_ parts: [any Applicable]...) -> [any Applicable] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [any Applicable]?) -> [any Applicable] { part ?? [] }
    public static func buildEither(first part: [any Applicable]) -> [any Applicable] { part }
    public static func buildEither(second part: [any Applicable]) -> [any Applicable] { part }
    public static func buildArray(_ parts: [[any Applicable]]) -> [any Applicable] { parts.flatMap { $0 } }
    public static func buildLimitedAvailability(_ part: [any Applicable]) -> [any Applicable] { part }
}
