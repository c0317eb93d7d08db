/// A function of tensors that the engine can run: what layers are lowered to.
///
/// An operator has no name and no parameters: they are among its operands. Nor does it know of the batch. The engine maps
/// it over the samples: an operand that is batched has a tensor for each sample, one that is whole has the same for all,
/// and the outputs are batched. An operator of whole operands runs once, as for a batch of one sample.
public protocol Operator: Sendable {
    /// The types of the outputs for types of the operands: elements and shapes. Extents follow from the operands'.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it cannot take them, of kind `argument` if one of its settings is out of
    ///   range.
    func outputs(for inputs: [ValueType]) throws -> [ValueType]

    /// The outputs, if all operands are known before anything runs: they are constants then. The default is `nil`: the
    /// operator runs all the same.
    func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]?

    /// The operands for which the backward pass can make a gradient. A needed gradient of another operand is an error. The
    /// default is `nil`: all of type float32.
    var differentiableInputs: Set<Int>? { get }

    /// The code that runs the operator at a place in a plan. Called once for each plan.
    func kernel(at site: Site) throws -> any Kernel
}

extension Operator {
    public func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? { nil }
    public var differentiableInputs: Set<Int>? { nil }

    /// Whether the gradient of an operand can be made.
    package func isDifferentiable(_ index: Int, of type: ValueType) -> Bool {
        type.element == .float32 && differentiableInputs?.contains(index) != false
    }
}
