/// The constraints of this library, for what decodes them by their `kind`.
package enum BuiltInConstraints {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Constraint.Type] = [
        MaxNorm.self, NonNeg.self, UnitNorm.self, MinMaxNorm.self,
    ]
}
