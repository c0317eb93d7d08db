/// The schedules of this library, for what decodes them by their `kind`.
package enum BuiltInSchedules {
    /// Every type, each with a `kind` of its own.
    package static let types: [any LearningRateSchedule.Type] = [
        ExponentialDecay.self, InverseTimeDecay.self, PiecewiseConstantDecay.self, PolynomialDecay.self,
        CosineDecay.self, CosineDecayRestarts.self,
    ]
}
