/// The regularizers of this library, for what decodes them by their `kind`.
package enum BuiltInRegularizers {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Regularizer.Type] = [
        L1.self, L2.self, L1L2.self, OrthogonalRegularizer.self,
    ]
}
