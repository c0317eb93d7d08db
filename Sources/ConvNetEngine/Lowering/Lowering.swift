/// What a layer sees while a network becomes a graph of operators: it declares parameters and emits operators.
///
/// A network is lowered anew for each plan, for one number of samples and one mode, so that every size is a number.
public struct Lowering {
    /// The number of samples.
    public let batch: Int
    /// What the plan is for.
    public private(set) var mode: Site.Mode
    package private(set) var graph = OpGraph()

    /// The layers that do not learn, by their index.
    private let frozen: Set<Int>
    /// The layer at hand.
    private var scope = Scope(layer: 0, node: 0, path: "")
    /// Parameters by the layer that declares them and their name.
    private var parameters: [ParameterKey: Value] = [:]
    /// What is read in place of a parameter, by the parameter's number.
    private var replacements: [Int: Value] = [:]
    /// The streams of random numbers that layers have.
    private var streams: Set<UInt32> = []

    private struct Scope {
        /// `nil` for a loss, which is no layer.
        let layer: Int?, node: Int?
        let path: String
        /// What the names of its parameters begin with, while a part of it is lowered.
        var prefix = ""
        /// The streams of random numbers that it has so far.
        var draws = 0
    }

    private struct ParameterKey: Hashable {
        let layer: Int
        let name: String
    }

    package init(batch: Int, mode: Site.Mode, frozen: Set<Int> = []) {
        self.batch = batch
        self.mode = mode
        self.frozen = frozen
    }

    // MARK: For layers

    /// Whether the layer does not learn: its parameters get no gradient, and what it keeps has to stay as it is.
    public var isFrozen: Bool { scope.layer.map(frozen.contains) ?? false }

    /// A parameter of the layer. Asked for again by its name, as where a layer is applied a second time, it is the same
    /// value.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if a size is negative, or the layer has had it in another shape before; of kind
    ///   `argument` if a loss asks for it.
    public mutating func parameter(_ spec: ParameterSpec) throws -> Value {
        var spec = spec
        spec.name = scope.prefix + spec.name
        guard let layer = scope.layer else {
            throw ConvNetError(
                .argument,
                "A loss has no parameters",
                at: spec.name,
                remedy: "Give the parameter to a layer whose output the loss reads"
            )
        }
        let key = ParameterKey(layer: layer, name: spec.name)
        if let known = parameters[key] {
            guard known.shape == spec.shape else {
                throw ConvNetError(
                    .shape,
                    "A layer that is applied again needs a parameter of another shape",
                    at: spec.name,
                    expected: "\(known.shape), as where it was applied first",
                    received: "\(spec.shape)",
                    remedy: "Apply it to inputs of one shape, or make another layer"
                )
            }
            return replacements[known.id] ?? known
        }
        _ = try spec.shape.validated(as: spec.name)
        do { try spec.rule.validate(for: spec.shape) } catch let error as ConvNetError {
            throw error.located(at: spec.name)
        }
        let value = value(ValueType(spec.shape, .whole))
        graph.parameters.append(
            .init(
                value: value.id,
                entry: graph.parameters.count,
                spec: spec,
                layer: layer,
                learns: spec.isTrainable && !isFrozen
            )
        )
        parameters[key] = value
        return value
    }

    /// Has what is lowered within `body` read a value wherever it asks for a parameter that it shares with the layer at hand.
    package mutating func reading<Result>(
        _ value: Value,
        inPlaceOf parameter: Value,
        _ body: (inout Lowering) throws -> Result
    ) rethrows -> Result {
        let before = replacements.updateValue(value, forKey: parameter.id)
        defer { replacements[parameter.id] = before }
        return try body(&self)
    }

    /// Has layers that are lowered within `body` behave as in inference, although there is a backward pass: nothing is dropped,
    /// normalisations use their moving statistics, and nothing is added to the loss.
    package mutating func asInInference<Result>(
        _ body: (inout Lowering) throws -> Result
    ) rethrows -> Result {
        let before = mode, losses = graph.losses
        mode = .inference
        defer {
            mode = before
            graph.losses = losses
        }
        return try body(&self)
    }

    /// A parameter of the layer, which the optimizer changes.
    ///
    /// - Parameters:
    ///   - name: the name within the layer, as in Keras: `kernel`, `bias`.
    ///   - shape: the sizes of its axes.
    ///   - initializer: where its first values come from.
    /// - Throws: as `parameter(_:)`.
    public mutating func parameter(_ name: String, _ shape: Shape, _ initializer: any Initializer) throws
        -> Value
    {
        try parameter(ParameterSpec(name, shape: shape, initializer: initializer))
    }

    /// A parameter of the layer, which the optimizer changes, with a penalty and a constraint if the rule has them.
    ///
    /// - Throws: as `parameter(_:)`; and if the penalty, or the constraint, is out of range or not for arrays of the shape.
    public mutating func parameter(_ name: String, _ shape: Shape, _ rule: ParameterRule) throws -> Value {
        try parameter(ParameterSpec(name, shape: shape, rule: rule))
    }

    /// A parameter that the optimizer leaves alone, and that the layer may change while it trains: a moving mean, say.
    ///
    /// - Throws: as `parameter(_:)`.
    public mutating func state(_ name: String, _ shape: Shape, _ initializer: any Initializer) throws -> Value
    {
        try parameter(ParameterSpec(name, shape: shape, initializer: initializer, isTrainable: false))
    }

    /// A tensor of numbers that are known now.
    public mutating func constant(_ constant: ConstantTensor) -> Value {
        let value = value(constant.type, constant)
        graph.constants.append((value.id, constant))
        return value
    }

    /// Applies an operator; the outputs are batched if one of the operands is.
    ///
    /// - Throws: what the operator throws for these operands.
    public mutating func emit(_ op: some Operator, _ inputs: Value...) throws -> [Value] {
        try emit(op, inputs)
    }

    /// Applies an operator to operands in an array.
    ///
    /// - Throws: what the operator throws for these operands.
    public mutating func emit(_ op: some Operator, _ inputs: [Value]) throws -> [Value] {
        let extent = inputs.contains { $0.type.isBatched } ? Extent.batched : .whole
        let constants = inputs.compactMap(\.constant)
        if constants.count == inputs.count, !inputs.isEmpty, let folded = try op.evaluate(constants) {
            return folded.map { constant($0) }
        }
        return try append(op, inputs, extent: extent)
    }

    /// The number of a stream of random numbers of the layer's own, of 24 bits: the same in every plan, whatever else the model
    /// is made of. With the model's seed, `StageContext.batchesDone` and the sample's place in the batch it makes a
    /// `RandomStream`.
    ///
    /// It is a hash of the layer's path, the application, and the number of the call. Two that are equal by chance would draw
    /// the same numbers, so the second takes the next one that is free.
    public mutating func randomStream() -> UInt32 {
        var stream = hash24("\(scope.path).\(scope.prefix)\(scope.draws)")
        scope.draws += 1
        while !streams.insert(stream).inserted { stream = (stream + 1) & 0xFF_FFFF }
        return stream
    }

    /// The samples of a batched value as one tensor `[batch, …]`, the same for all samples; nothing is copied. A whole value
    /// stays as it is.
    public mutating func foldBatch(_ value: Value) throws -> Value {
        guard value.type.isBatched else { return value }
        return try append(BatchView(shape: value.shape.batched(batch)), [value], extent: .whole)[0]
    }

    /// A whole value `[batch, …]` as a tensor for each sample; nothing is copied. A batched value stays as it is.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if its first axis does not count the samples.
    public mutating func unfoldBatch(_ value: Value) throws -> Value {
        guard !value.type.isBatched else { return value }
        guard value.shape.first == batch else {
            throw ConvNetError(
                .shape,
                "The first axis does not count the samples",
                expected: "[\(batch), ...]",
                received: "\(value.shape)"
            )
        }
        let view = BatchView(shape: Shape(Array(value.shape.dropFirst())))
        return try append(view, [value], extent: .batched)[0]
    }

    /// Adds a number of each sample to the loss, in training and in evaluation: the loss grows by the mean over the samples. Weights
    /// of samples do not count there, as in Keras' `add_loss`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it is not one number for each sample.
    public mutating func addLoss(_ value: Value) throws {
        guard value.type.isBatched, value.shape.elementCount == 1 else {
            throw ConvNetError(
                .shape,
                "What is added to the loss is not one number for each sample",
                expected: "one element for each sample",
                received: "\(value.shape)\(value.type.isBatched ? "" : ", the same for all samples")"
            )
        }
        graph.losses.append(value.id)
    }

    /// Lowers another layer as a part of the one at hand, with parameters of its own: `named/kernel`, say.
    ///
    /// - Parameter name: what tells it from the other parts.
    /// - Throws: what that layer throws.
    public mutating func apply(_ layer: some Layer, _ inputs: Value..., named name: String) throws -> [Value]
    {
        try apply(layer, inputs, named: name)
    }

    /// Lowers another layer as a part of the one at hand, with its inputs in an array.
    ///
    /// - Throws: what that layer throws.
    public mutating func apply(_ layer: some Layer, _ inputs: [Value], named name: String) throws -> [Value] {
        let prefix = scope.prefix
        scope.prefix += name + "/"
        defer { scope.prefix = prefix }
        do { return try layer.lower(inputs, in: &self) } catch let error as ConvNetError {
            throw error.located(at: name)
        }
    }

    // MARK: For the graph of layers

    /// Lowers a layer at a node of the graph of layers.
    ///
    /// - Throws: what the layer throws, located at its path.
    package mutating func lower(
        _ layer: any Layer,
        _ inputs: [Value],
        layerIndex: Int,
        node: Int,
        path: String
    ) throws -> [Value] {
        begin(layerIndex: layerIndex, node: node, path: path)
        let outputs = try layer.lower(inputs, in: &self)
        guard outputs.count == layer.outputCount else {
            throw ConvNetError(
                .argument,
                "A layer does not make the outputs that it promises",
                expected: "\(layer.outputCount), its outputCount",
                received: "\(outputs.count)"
            )
        }
        return outputs
    }

    /// Begins what the layer at a node of the graph emits.
    package mutating func begin(layerIndex: Int, node: Int, path: String) {
        scope = Scope(layer: layerIndex, node: node, path: path)
    }

    /// The samples: what the engine gathers.
    package mutating func input(_ shape: Shape, node: Int, path: String) -> Value {
        let value = value(ValueType(shape))
        graph.operations.append(
            .init(
                op: InputOperator(type: value.type),
                nodes: [node],
                path: path,
                inputs: [],
                outputs: [value.id],
                isInput: true
            )
        )
        return value
    }

    // MARK: For losses

    /// Begins what a loss emits: until the next layer, operations belong to no node.
    ///
    /// - Parameter path: what errors call the loss.
    package mutating func beginLoss(path: String) { scope = Scope(layer: nil, node: nil, path: path) }

    /// What an output is compared with, for each sample: classes are numbers, too.
    ///
    /// - Parameter output: the index of the output.
    package mutating func target(of output: Int, _ shape: Shape) -> Value {
        let value = value(ValueType(shape))
        graph.operations.append(
            .init(
                op: TargetOperator(type: value.type),
                nodes: [],
                path: scope.path,
                inputs: [],
                outputs: [value.id],
                target: output
            )
        )
        return value
    }

    /// Says which value is a term of the objective: one number for each sample.
    ///
    /// - Parameters:
    ///   - term: the number of the term.
    ///   - count: of how many loss values it is the mean.
    package mutating func setLoss(_ value: Value, ofTerm term: Int, count: Int) {
        graph.termValues[term] = OpGraph.TermValue(value: value.id, count: count)
    }

    /// Says which values are the inputs and the predictions, and puts operations that depend on no sample first.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if a prediction is not batched.
    package mutating func finish(inputs: [Value], outputs: [Value]) throws -> OpGraph {
        graph.inputs = inputs.map(\.id)
        graph.outputs = try outputs.map { try unfoldBatch($0).id }
        var graph = graph
        graph.putWholeOperationsFirst()
        return graph
    }

    private mutating func value(_ type: ValueType, _ constant: ConstantTensor? = nil) -> Value {
        graph.types.append(type)
        return Value(id: graph.types.count - 1, type: type, constant: constant)
    }

    private mutating func append(_ op: any Operator, _ inputs: [Value], extent: Extent) throws -> [Value] {
        let outputs = try op.outputs(for: inputs.map(\.type)).map { type in
            _ = try type.shape.validated(as: "output", minimum: 1)
            return value(ValueType(type.shape, extent, element: type.element))
        }
        graph.operations.append(
            .init(
                op: op,
                nodes: scope.node.map { [$0] } ?? [],
                path: scope.path,
                inputs: inputs.map(\.id),
                outputs: outputs.map(\.id)
            )
        )
        return outputs
    }
}

/// 24 bits of a text.
///
/// Source: FNV-1a of 32 bits, folded by exclusive or as its authors say (Fowler, Noll, Vo, Eastlake, RFC 9923).
private func hash24(_ text: String) -> UInt32 {
    let hash = text.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return (hash >> 24) ^ (hash & 0xFF_FFFF)
}

/// Stands for the samples: the engine gathers them.
private struct InputOperator: Operator {
    let type: ValueType
    func outputs(for inputs: [ValueType]) -> [ValueType] { [type] }
    func kernel(at site: Site) -> any Kernel { NoKernel(isIdentity: false) }
}

/// Stands for targets: the engine copies them from the batch.
private struct TargetOperator: Operator {
    let type: ValueType
    func outputs(for inputs: [ValueType]) -> [ValueType] { [type] }
    func kernel(at site: Site) -> any Kernel { NoKernel(isIdentity: false) }
}

/// Another view of a value's bytes: all samples as one tensor, or each as one.
private struct BatchView: Operator {
    let shape: Shape
    func outputs(for inputs: [ValueType]) -> [ValueType] {
        [ValueType(shape, element: inputs[0].element)]
    }
    func kernel(at site: Site) -> any Kernel { NoKernel(isIdentity: true) }
}

/// Nothing runs.
private struct NoKernel: Kernel {
    let isIdentity: Bool
    func forward() -> [Stage] { [] }
    func backward() -> [Stage] { [] }
}
