/// A loss by a closure over operators, for what no loss does. It is differentiated as layers are, for operators are.
///
/// ```swift
/// let quartic = LambdaLoss(name: "quartic") { target, prediction, ops in
///     try ops.square(ops.square(ops.subtract(prediction, target)))
/// }
/// try model.compile(optimizer: .adam(), loss: quartic, metrics: [LossMetric(quartic)])
/// ```
///
/// The closure emits operators, as `OperatorLoss.lower` does; it is called once for each plan, and never while numbers are computed. It
/// returns one value for each sample, or a tensor for each, whose mean is the loss of the sample, as for a function that Keras takes as
/// a loss. Shapes in it are those of a sample, without the batch axis: predictions have the shape of the output, targets their own.
/// The target of a class, as in `Labels`, is a number of shape `[]`. With `ops.foldBatch` and `ops.unfoldBatch` it compares samples with each
/// other; a metric, which sees each sample alone, cannot.
///
/// A closure cannot be in a file: saving a compiled model with such a loss throws. What is to be saved is a type of its own that
/// conforms to `OperatorLoss`, and whose `lower` does the same.
public struct LambdaLoss: OperatorLoss {
    /// `LambdaLoss`.
    public static let kind = "LambdaLoss"
    /// What errors and metrics call it.
    public let name: String
    /// How the loss values of a batch become one number.
    public let reduction: LossReduction
    private let function: @Sendable (Value, Value, inout Lowering) throws -> Value

    /// The loss.
    ///
    /// - Parameters:
    ///   - name: what errors and metrics call it.
    ///   - reduction: how the loss values of a batch become one number.
    ///   - function: makes the loss values of each sample.
    public init(
        name: String = "lambda_loss",
        reduction: LossReduction = .sumOverBatchSize,
        _ function:
            @escaping @Sendable (_ target: Value, _ prediction: Value, _ ops: inout Lowering) throws -> Value
    ) {
        self.name = name
        self.reduction = reduction
        self.function = function
    }

    /// Calls the closure.
    ///
    /// - Throws: what it throws.
    public func lower(target: Value, prediction: Value, in ops: inout Lowering) throws -> Value {
        try function(target, prediction, &ops)
    }

    /// Throws: a closure is in no file.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    public func encode(to encoder: any Encoder) throws { throw Self.notInAFile(name) }

    /// Throws: a closure is in no file.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    public init(from decoder: any Decoder) throws { throw Self.notInAFile(nil) }

    private static func notInAFile(_ name: String?) -> ConvNetError {
        .closure(
            kind,
            at: name.map { "the loss \($0)" },
            others: "losses",
            replacement: "OperatorLoss, whose lower does the same"
        )
    }
}

extension Loss where Self == LambdaLoss {
    /// A loss by a closure over operators: `LambdaLoss`.
    public static func lambda(
        name: String = "lambda_loss",
        reduction: LossReduction = .sumOverBatchSize,
        _ function:
            @escaping @Sendable (_ target: Value, _ prediction: Value, _ ops: inout Lowering) throws -> Value
    ) -> Self {
        LambdaLoss(name: name, reduction: reduction, function)
    }
}
