/// A learned vector for each whole number: `y[…, c] = embeddings[x[…], c]`.
///
/// Shapes, without the batch axis: input of any shape, such as `[length]`, output `[length, outputDim]`; parameter: embeddings
/// `[inputDim, outputDim]`. The input has float numbers, as everything that enters a model, of whole value in `0..<inputDim`. For any other
/// number the vector is NaN: then `fit` stops with an error that names the layer whose numbers are not finite.
///
/// ```swift
/// let model = try Sequential(inputShape: [20]) {
///     Embedding(inputDim: 1000, outputDim: 64)
///     GlobalAveragePooling1D()
///     Dense(units: 2, activation: .softmax)
/// }
/// ```
public struct Embedding: Layer {
    /// `Embedding`.
    public static let kind = "Embedding"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// How many numbers have a vector.
    public let inputDim: Int
    /// The elements of a vector.
    public let outputDim: Int
    /// The first values of the vectors.
    @CodedInitializer public var embeddingsInitializer: any Initializer
    /// The penalty for the vectors, added to the loss.
    @CodedRegularizer public var embeddingsRegularizer: (any Regularizer)?
    /// What the vectors satisfy after each step.
    @CodedConstraint public var embeddingsConstraint: (any Constraint)?

    /// A table of vectors; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - inputDim: how many numbers have a vector, at least 1: the largest number in the input, and one more.
    ///   - outputDim: the elements of a vector, at least 1.
    ///   - embeddingsInitializer: the first values of the vectors. Default uniform in -0.05...0.05.
    ///   - embeddingsRegularizer: the penalty for the vectors, all of them whatever the input has, added to the loss. Default none.
    ///   - embeddingsConstraint: what the vectors satisfy after each step; a vector's axis is 1. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        inputDim: Int,
        outputDim: Int,
        embeddingsInitializer: any Initializer = .randomUniform(),
        embeddingsRegularizer: (any Regularizer)? = nil,
        embeddingsConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.inputDim = inputDim
        self.outputDim = outputDim
        _embeddingsInitializer = CodedInitializer(wrappedValue: embeddingsInitializer)
        _embeddingsRegularizer = CodedRegularizer(wrappedValue: embeddingsRegularizer)
        _embeddingsConstraint = CodedConstraint(wrappedValue: embeddingsConstraint)
        self.name = name
    }

    /// Emits a `Gather`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `inputDim` or `outputDim` is less than 1.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        for (role, value) in [("inputDim", inputDim), ("outputDim", outputDim)] {
            guard value >= 1 else {
                throw ConvNetError(
                    .argument,
                    "An embedding's \(role) is out of its range",
                    at: role,
                    expected: "at least 1",
                    received: "\(value)"
                )
            }
        }
        // Floats count whole numbers one by one up to here.
        guard inputDim <= 1 << 24 else {
            throw ConvNetError(
                .argument,
                "An embedding's inputDim is out of its range",
                at: "inputDim",
                expected: "at most \(1 << 24), for inputs are float32 numbers",
                received: "\(inputDim)"
            )
        }
        let rule = ParameterRule(
            embeddingsInitializer,
            regularizer: embeddingsRegularizer,
            constraint: embeddingsConstraint
        )
        let table = try lowering.parameter("embeddings", [inputDim, outputDim], rule)
        return [try lowering.take(table, x)]
    }
}
