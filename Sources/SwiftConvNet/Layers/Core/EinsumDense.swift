/// A dense layer whose sums go over any axes: `y = activation(einsum(equation, x, kernel) + bias)`.
///
/// The equation names the axes of input, kernel and output, the batch among them: `"abc,cd->abd"` is `Dense` on sequences,
/// `"abc,cde->abde"` makes heads. Axes of the input that all pass may be `...`: `"...x,xy->...y"`. Shapes, without the batch axis: input
/// and output as the equation says; parameters: kernel, with its letters' sizes, and bias.
///
/// ```swift
/// EinsumDense(equation: "abc,cd->abd", outputShape: [nil, 64], biasAxes: "d")
/// ```
public struct EinsumDense: Layer {
    /// `EinsumDense`.
    public static let kind = "EinsumDense"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axes of input, kernel and output.
    public let equation: String
    /// The sizes of the output's axes, without the batch and what `...` stands for; `nil` for the input's.
    public let outputShape: [Int?]
    /// What is applied to the sums.
    public let activation: ActivationFunction
    /// The axes of the output along which the bias differs; `nil` for no bias.
    public let biasAxes: String?
    /// The first values of the kernel.
    @CodedInitializer public var kernelInitializer: any Initializer
    /// The first values of the bias.
    @CodedInitializer public var biasInitializer: any Initializer
    /// The penalty for the kernel, added to the loss.
    @CodedRegularizer public var kernelRegularizer: (any Regularizer)?
    /// The penalty for the bias, added to the loss.
    @CodedRegularizer public var biasRegularizer: (any Regularizer)?
    /// What the kernel satisfies after each step.
    @CodedConstraint public var kernelConstraint: (any Constraint)?
    /// What the bias satisfies after each step.
    @CodedConstraint public var biasConstraint: (any Constraint)?

    /// A dense layer by an equation; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - equation: the letters of the axes, such as `"abc,cd->abd"`. The first letter of input and output is the batch, unless the axes
    ///     begin with `...`, which then has the batch.
    ///   - outputShape: the sizes of the output's axes, without the batch and what `...` stands for; `nil` where the input says it.
    ///   - activation: what is applied to the sums. Default none.
    ///   - biasAxes: the letters of the output along which the bias differs. Default `nil`: no bias.
    ///   - kernelInitializer: the first values of the kernel.
    ///   - biasInitializer: the first values of the bias.
    ///   - kernelRegularizer: the penalty for the kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for the bias, added to the loss. Default none.
    ///   - kernelConstraint: what the kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what the bias satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        equation: String,
        outputShape: [Int?],
        activation: ActivationFunction = .linear,
        biasAxes: String? = nil,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil,
        biasConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.equation = equation
        self.outputShape = outputShape
        self.activation = activation
        self.biasAxes = biasAxes
        _kernelInitializer = CodedInitializer(wrappedValue: kernelInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
        _kernelRegularizer = CodedRegularizer(wrappedValue: kernelRegularizer)
        _biasRegularizer = CodedRegularizer(wrappedValue: biasRegularizer)
        _kernelConstraint = CodedConstraint(wrappedValue: kernelConstraint)
        _biasConstraint = CodedConstraint(wrappedValue: biasConstraint)
        self.name = name
    }

    /// Emits a `Contract`, a `Sum` and the activation.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if equation, output shape and bias axes do not fit each other, of kind `shape` if the
    ///   input does not fit the equation.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        let letters = try EinsumLetters(equation, rank: x.shape.rank)
        let sizes = try sizes(letters, x.shape)
        let kernelSizes = letters.kernel.compactMap { sizes[$0] }
        // As Keras: what the output has is a fan out, the rest a fan in.
        let fans = try Shape(kernelSizes).validated(as: "kernel", minimum: 1).indices.reduce((1, 1)) {
            fans,
            axis in
            letters.output.contains(letters.kernel[axis])
                ? (fans.0, fans.1 * kernelSizes[axis]) : (fans.0 * kernelSizes[axis], fans.1)
        }
        let kernel = try lowering.parameter(
            "kernel",
            Shape(kernelSizes),
            ParameterRule(
                MatrixInitializer(kernelInitializer, shape: [fans.0, fans.1]),
                regularizer: kernelRegularizer,
                constraint: kernelConstraint
            )
        )
        var y = try lowering.contract(x, letters.input, kernel, letters.kernel, to: letters.output)
        if let biasAxes {
            let rule = ParameterRule(
                biasInitializer,
                regularizer: biasRegularizer,
                constraint: biasConstraint
            )
            let bias = try lowering.parameter("bias", biasShape(biasAxes, letters, sizes), rule)
            y = try lowering.add(y, bias)
        }
        return [try lowering.activate(y, activation)]
    }

    /// The size of each letter, from the input and the output shape.
    private func sizes(_ letters: EinsumLetters, _ input: Shape) throws -> [Character: Int] {
        var sizes = Dictionary(uniqueKeysWithValues: zip(letters.input, input))
        let named = letters.namedOutput
        guard named.count == outputShape.count else {
            throw ConvNetError(
                .argument,
                "The output shape does not fit the equation",
                at: "outputShape",
                expected: "\(named.count) sizes, for \(String(named)) of \(equation)",
                received: "\(outputShape.map { $0.map(String.init) ?? "nil" })"
            )
        }
        for (letter, size) in zip(named, outputShape) {
            if let size, let known = sizes[letter], size != known {
                throw ConvNetError(
                    .shape,
                    "Input and output differ along an axis that they share",
                    at: "outputShape, \(letter)",
                    expected: "\(known), as the input \(input)",
                    received: "\(size)"
                )
            }
            guard let size = size ?? sizes[letter], size >= 1 else {
                throw ConvNetError(
                    .argument,
                    "An axis of the output needs a size",
                    at: "outputShape, \(letter)",
                    expected: "at least 1; nil only for what the input has",
                    received: size.map { "\($0)" } ?? "nil"
                )
            }
            sizes[letter] = size
        }
        return sizes
    }

    /// The bias has its letters' sizes from the first of them on, and 1 along the other axes.
    private func biasShape(
        _ axes: String,
        _ letters: EinsumLetters,
        _ sizes: [Character: Int]
    ) throws -> Shape {
        guard let first = letters.output.firstIndex(where: axes.contains),
            axes.allSatisfy(letters.namedOutput.contains)
        else {
            throw ConvNetError(
                .argument,
                "The bias has axes that the output has not",
                at: "biasAxes",
                expected: "letters of \"\(String(letters.namedOutput))\"",
                received: "\"\(axes)\""
            )
        }
        return Shape(letters.output[first...].map { axes.contains($0) ? sizes[$0] ?? 1 : 1 })
    }
}
