/// The initializers of this library, for what decodes them by their `kind`.
package enum BuiltInInitializers {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Initializer.Type] = [
        Zeros.self, Ones.self, Constant.self, VarianceScaling.self, RandomNormal.self, RandomUniform.self,
        TruncatedNormal.self, Orthogonal.self, IdentityInitializer.self,
    ]
}
