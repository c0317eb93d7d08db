/// Puts parameters back to where they satisfy their constraints, each as a whole.
final class ConstraintJob: WorkerJob {
    private let constrained: [(entry: ParameterStore.Entry, constraint: any Constraint)]

    /// `nil` if no parameter has a constraint.
    init?(_ entries: [ParameterStore.Entry]) {
        constrained = entries.compactMap { entry in entry.spec.rule.constraint.map { (entry, $0) } }
        if constrained.isEmpty { return nil }
    }

    func run(on engine: Engine) throws { try engine.dispatch(self, units: constrained.count) }

    func perform(unit: Int, worker: Int) {
        let (entry, constraint) = constrained[unit]
        let values = UnsafeMutableBufferPointer(start: entry.parameter.buffer.floats, count: entry.count)
        constraint.apply(to: values, shape: entry.spec.shape)
    }
}
