/// Some parameters, as an optimizer sees them: `count` neighbours.
public struct OptimizerPart {
    /// The parameters, to be changed.
    public let parameters: UnsafeMutablePointer<Float>
    /// Their gradients, clipped.
    public let gradients: UnsafePointer<Float>
    /// The number of parameters.
    public let count: Int
    /// The shape of the whole parameter that they are of.
    public let shape: Shape
    /// The learning rate of this step.
    public let learningRate: Float
    /// The number of this step, counted from 1.
    public let step: Int
    /// The optimizer's scalars.
    public let scalars: UnsafeBufferPointer<Double>
    /// Memory for `scratchCount(for:)` numbers, of which nothing is known.
    public let scratch: UnsafeMutablePointer<Float>
    /// The slots of the parameter, each at its first element; `nil` for one that it does not have.
    let slots: UnsafeBufferPointer<UnsafeMutablePointer<Float>?>
    /// The index of the first of these parameters in the whole one.
    let start: Int

    /// The state of these parameters in slot `index`.
    ///
    /// - Precondition: the optimizer's `slots` have that index, and the parameter has this slot, as with `Array`.
    public func slot(_ index: Int) -> UnsafeMutablePointer<Float> {
        guard let slot = existingSlot(index) else {
            preconditionFailure("the parameter has no slot of index \(index)")
        }
        return slot
    }

    /// The state of these parameters in slot `index`; `nil` if the parameter does not have it: see `Optimizer.slotShape`.
    public func existingSlot(_ index: Int) -> UnsafeMutablePointer<Float>? {
        slots.indices.contains(index) ? slots[index].map { $0 + start } : nil
    }
}
