/// The losses of this library, for what decodes them by their `kind`.
package enum BuiltInLosses {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Loss.Type] = [
        SparseCategoricalCrossentropy.self, CategoricalCrossentropy.self, BinaryCrossentropy.self,
        CategoricalFocalCrossentropy.self, BinaryFocalCrossentropy.self,
        CategoricalGeneralizedCrossEntropy.self, KLDivergence.self, Poisson.self,
        MeanSquaredError.self, MeanAbsoluteError.self, MeanAbsolutePercentageError.self,
        MeanSquaredLogarithmicError.self, CosineSimilarity.self, Huber.self, LogCosh.self,
        Hinge.self, SquaredHinge.self, CategoricalHinge.self, Dice.self, Tversky.self, Circle.self,
    ]
}
