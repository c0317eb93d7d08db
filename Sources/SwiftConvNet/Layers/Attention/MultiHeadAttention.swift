/// Attention: each place of a query takes a weighted mean of values, by how well it fits their keys; several times side by side, in
/// heads.
///
/// ```
/// scores[h, t, s]  = softmax over s of (query[t] · Wq[h]) · (key[s] · Wk[h]) / sqrt(keyDim)
/// y[t]             = sum over h of (sum over s of scores[h, t, s] · (value[s] · Wv[h])) · Wo[h]
/// ```
///
/// It takes one to three inputs, as Keras does: query, value, key. Without a key, the value is the key; one input is all three (self-attention).
/// Shapes, without the batch axis: query `[T, features]`, value `[S, features]`, key `[S, features]`, whose features may differ; output
/// `[T, outputShape]`. More axes than one may stand in the place of T and S. Parameters: query/kernel `[features, numHeads, keyDim]`,
/// query/bias `[numHeads, keyDim]`, the same of key, and of value with `valueDim`; attention_output/kernel
/// `[numHeads, valueDim, outputShape]`, attention_output/bias `[outputShape]`; with `useGate` gate/kernel and gate/bias as the value's, made
/// from the query. There are no masks.
///
/// ```swift
/// let y = MultiHeadAttention(numHeads: 4, keyDim: 16)(x)                  // self-attention
/// let z = MultiHeadAttention(numHeads: 4, keyDim: 16)(query, value)      // cross-attention
/// ```
///
/// Source: Vaswani and others, Attention is all you need, 2017; parameters and order are those of Keras' `MultiHeadAttention`.
public struct MultiHeadAttention: Layer {
    /// `MultiHeadAttention`.
    public static let kind = "MultiHeadAttention"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of heads.
    public let numHeads: Int
    /// The size of query and key in each head.
    public let keyDim: Int
    /// The size of the value in each head; `nil` for `keyDim`.
    public let valueDim: Int?
    /// The share of scores that are dropped while training, 0...1.
    public let dropout: Float
    /// Whether the projections have a bias.
    public let useBias: Bool
    /// The last axes of the output; `nil` for the query's features.
    public let outputShape: Shape?
    /// The axes that are attended over, counted as Keras does: the batch is axis 0; `nil` for all but the features.
    public let attentionAxes: Axes?
    /// The first values of all kernels.
    @CodedInitializer public var kernelInitializer: any Initializer
    /// The first values of all biases.
    @CodedInitializer public var biasInitializer: any Initializer
    /// The penalty for each kernel, added to the loss.
    @CodedRegularizer public var kernelRegularizer: (any Regularizer)?
    /// The penalty for each bias, added to the loss.
    @CodedRegularizer public var biasRegularizer: (any Regularizer)?
    /// What each kernel satisfies after each step.
    @CodedConstraint public var kernelConstraint: (any Constraint)?
    /// What each bias satisfies after each step.
    @CodedConstraint public var biasConstraint: (any Constraint)?
    /// Whether what the heads make is multiplied with a sigmoid of the query, element by element.
    public let useGate: Bool

    /// Attention; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - numHeads: the number of heads, at least 1.
    ///   - keyDim: the size of query and key in each head, at least 1.
    ///   - valueDim: the size of the value in each head, at least 1. Default `keyDim`.
    ///   - dropout: the share of scores that are dropped while training, 0...1. Default 0.
    ///   - useBias: whether the projections have a bias. Default `true`.
    ///   - outputShape: the last axes of the output, sizes of at least 1. Default the query's features.
    ///   - attentionAxes: the axes that are attended over, counted as Keras does: the batch is axis 0, which is no choice; negative
    ///     numbers count from the features, -1. Default all but the features.
    ///   - kernelInitializer: the first values of all kernels. Default Glorot's uniform ones.
    ///   - biasInitializer: the first values of all biases. Default 0.
    ///   - kernelRegularizer: the penalty for each kernel, added to the loss. Default none.
    ///   - biasRegularizer: the penalty for each bias, added to the loss. Default none.
    ///   - kernelConstraint: what each kernel satisfies after each step. Default nothing.
    ///   - biasConstraint: what each bias satisfies after each step. Default nothing.
    ///   - useGate: whether what the heads make is multiplied with a sigmoid of the query. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        numHeads: Int,
        keyDim: Int,
        valueDim: Int? = nil,
        dropout: Float = 0,
        useBias: Bool = true,
        outputShape: Shape? = nil,
        attentionAxes: Axes? = nil,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        kernelRegularizer: (any Regularizer)? = nil,
        biasRegularizer: (any Regularizer)? = nil,
        kernelConstraint: (any Constraint)? = nil,
        biasConstraint: (any Constraint)? = nil,
        useGate: Bool = false,
        name: String? = nil
    ) {
        self.numHeads = numHeads
        self.keyDim = keyDim
        self.valueDim = valueDim
        self.dropout = dropout
        self.useBias = useBias
        self.outputShape = outputShape
        self.attentionAxes = attentionAxes
        _kernelInitializer = CodedInitializer(wrappedValue: kernelInitializer)
        _biasInitializer = CodedInitializer(wrappedValue: biasInitializer)
        _kernelRegularizer = CodedRegularizer(wrappedValue: kernelRegularizer)
        _biasRegularizer = CodedRegularizer(wrappedValue: biasRegularizer)
        _kernelConstraint = CodedConstraint(wrappedValue: kernelConstraint)
        _biasConstraint = CodedConstraint(wrappedValue: biasConstraint)
        self.useGate = useGate
        self.name = name
    }

    /// Emits `Linear` for the projections, and `Contract`, softmax and `Contract` for the attention.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range, of kind `shape` if there are not one to three
    ///   inputs, or they do not fit each other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try checkSettings()
        let (query, value, key) = try operands(inputs)
        let axes = try axes(of: query.shape)
        try checkShapes(query.shape, value.shape, key.shape, axes)
        let valueDim = valueDim ?? keyDim
        let q = try project(query, to: [numHeads, keyDim], named: "query", &lowering)
        let k = try project(key, to: [numHeads, keyDim], named: "key", &lowering)
        let gate =
            try useGate ? project(query, to: [numHeads, valueDim], named: "gate", &lowering) : nil
        let v = try project(value, to: [numHeads, valueDim], named: "value", &lowering)
        var heads = try attend(q, k, v, over: axes, &lowering)
        if let gate { heads = try lowering.multiply(heads, lowering.sigmoid(gate)) }
        let output = outputShape ?? [query.shape.last ?? 1]
        return [try project(heads, summing: 2, to: output, named: "attention_output", &lowering)]
    }

    /// The weighted means of the values, `[…, heads, valueDim]`.
    private func attend(
        _ q: Value,
        _ k: Value,
        _ v: Value,
        over axes: [Int],
        _ lowering: inout Lowering
    ) throws -> Value {
        // A letter for each axis: those of the query, its heads and features; the axes of keys and values that are attended over
        // have letters of their own.
        let rank = q.shape.rank
        let letters: [Character] = (0..<(2 * rank + 1)).compactMap {
            Unicode.Scalar(0x100 + $0).map(Character.init)
        }
        let target = Array(letters.prefix(rank)), features = letters[2 * rank]
        var source = target, values = target
        for axis in axes { source[axis] = letters[rank + axis] }
        values = source
        values[rank - 1] = features
        let kept = target.indices.filter { !axes.contains($0) && $0 != rank - 1 }
        let scoreLetters =
            kept.map { target[$0] } + axes.map { target[$0] } + axes.map { source[$0] }
        var scores = try lowering.emit(
            Contract(target, source, to: scoreLetters, scale: 1 / Float(keyDim).squareRoot()),
            q,
            k
        )[0]
        let count = scoreLetters.count
        scores = try lowering.softmax(scores, axes: Array((count - axes.count)..<count))
        if dropout > 0, lowering.mode == .training {
            scores = try lowering.emit(Drop(rate: dropout, source: lowering.randomSource()), scores)[0]
        }
        let output = Array(target.dropLast()) + [features]
        return try lowering.emit(Contract(scoreLetters, values, to: output), scores, v)[0]
    }

    /// A dense layer whose input's last axes are summed over, and whose output's last axes are `shape`.
    private func project(
        _ x: Value,
        summing count: Int = 1,
        to shape: Shape,
        named name: String,
        _ lowering: inout Lowering
    ) throws -> Value {
        let inner = Shape(x.shape.suffix(count)), outer = Shape(Array(x.shape.dropLast(count)))
        let kernelShape = try Shape(inner.dimensions + shape).validated(as: "\(name)/kernel")
        let matrix: Shape = [inner.elementCount, shape.elementCount]
        let kernel = try lowering.parameter(
            "\(name)/kernel",
            kernelShape,
            ParameterRule(
                MatrixInitializer(kernelInitializer, shape: matrix),
                regularizer: kernelRegularizer,
                constraint: kernelConstraint
            )
        )
        var operands = [
            try lowering.view(x, as: Shape(outer.dimensions + [inner.elementCount])),
            try lowering.view(kernel, as: matrix),
        ]
        if useBias {
            let rule = ParameterRule(
                biasInitializer,
                regularizer: biasRegularizer,
                constraint: biasConstraint
            )
            let bias = try lowering.parameter("\(name)/bias", shape, rule)
            operands.append(try lowering.view(bias, as: [shape.elementCount]))
        }
        let y = try lowering.emit(Linear(hasBias: useBias), operands)[0]
        return try lowering.view(y, as: Shape(outer.dimensions + shape))
    }
}

/// Gives a projection's kernel the fans of the matrix that it is, as Keras' `EinsumDense` does: all inputs by all outputs.
struct MatrixInitializer: Initializer {
    static let kind = "MatrixInitializer"
    @CodedInitializer var base: any Initializer
    let matrix: Shape

    init(_ base: any Initializer, shape: Shape) {
        _base = CodedInitializer(wrappedValue: base)
        matrix = shape
    }

    func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        // Only where the rule depends on fans; orthogonal rows, say, depend on the axes.
        try base.initialize(values, shape: base is VarianceScaling ? matrix : shape, random: &random)
    }
}
