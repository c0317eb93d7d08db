/// Runs an activation function of a user.
struct UserActivationKernel: Kernel {
    let function: any CustomActivation
    /// Elements of one sample.
    let count: Int

    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let count = context.count * count
                function.values(
                    of: UnsafeBufferPointer(start: context.input(), count: count),
                    into: UnsafeMutableBufferPointer(start: context.output, count: count)
                )
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let count = context.count * count
                function.gradients(
                    at: UnsafeBufferPointer(start: context.input(), count: count),
                    from: UnsafeBufferPointer(start: context.outputGradient, count: count),
                    into: UnsafeMutableBufferPointer(start: context.inputGradient(), count: count)
                )
            }
        ]
    }
}
