/// A loss that is made of operators, as layers are: the engine differentiates it.
///
/// ```swift
/// struct Quartic: OperatorLoss {
///     static let kind = "Quartic"
///     func lower(target: Value, prediction: Value, in ops: inout Lowering) throws -> Value {
///         try ops.square(ops.square(ops.subtract(prediction, target)))
///     }
/// }
/// ```
///
/// A `Loss` of the other form computes its gradient itself. `LambdaLoss` is one of this form by a closure.
public protocol OperatorLoss: Loss {
    /// What errors call it. The default is `kind`.
    var name: String { get }

    /// Emits the operators that compute the loss values of each sample. Called once for each plan, and when `fit` or `evaluate` begin.
    ///
    /// - Parameters:
    ///   - target: what the dataset has for each sample, as `float32`: the shape of its values; `[]` for a class. An axis of size 1 at
    ///     the end that only one of the two has is taken from the prediction's shape, as in Keras.
    ///   - prediction: the output of the model, without the batch axis.
    ///   - ops: emits operators: the functions of `keras.ops`. A loss has no parameters.
    /// - Returns: one value for each sample; or a tensor for each, whose mean is the loss of the sample.
    /// - Throws: what operators throw for such shapes.
    func lower(target: Value, prediction: Value, in ops: inout Lowering) throws -> Value
}

extension OperatorLoss {
    public var name: String { Self.kind }
}

/// What operators have computed already: the loss of a sample is the prediction, and its gradient is the scale.
struct ComputedLoss: Loss {
    static let kind = "ComputedLoss"
    let reduction: LossReduction
    /// Of how many loss values that of a sample is the mean.
    let count: Int

    func validate(output: Shape, targets: TargetKind) {}
    func valueCount(of output: Shape) -> Int { count }

    func evaluate(_ sample: LossSample) -> Float {
        sample.gradient?[0] = sample.scale
        return sample.prediction[0]
    }
}

extension Objective.Term {
    /// The term, once operators have computed its loss.
    ///
    /// - Parameter count: of how many loss values that of a sample is the mean.
    func computed(asMeanOf count: Int) -> Objective.Term {
        Objective.Term(
            output: output,
            loss: ComputedLoss(reduction: loss.reduction, count: count),
            factor: factor
        )
    }
}
