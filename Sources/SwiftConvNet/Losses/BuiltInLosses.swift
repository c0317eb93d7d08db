/// The losses of this library, for what decodes them by their `kind`.
package enum BuiltInLosses {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Loss.Type] = [
        SparseCategoricalCrossentropy.self, CategoricalCrossentropy.self, BinaryCrossentropy.self,
        MeanSquaredError.self, MeanAbsoluteError.self,
    ]
}
