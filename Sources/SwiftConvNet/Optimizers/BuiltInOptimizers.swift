/// The optimizers of this library, for what decodes them by their `kind`.
package enum BuiltInOptimizers {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Optimizer.Type] = [
        SGD.self, Adam.self, AdamW.self, RMSprop.self, Nadam.self, Adamax.self, Adagrad.self, Adadelta.self,
        Lion.self, Lamb.self, Ftrl.self, Adafactor.self, Muon.self, ScheduleFreeAdamW.self,
    ]
}
