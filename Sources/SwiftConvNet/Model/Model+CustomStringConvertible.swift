extension Model: CustomStringConvertible {
    /// The `summary()`.
    public var description: String { (try? summary()) ?? "Model: \"\(name)\"" }
}

extension Predictor: CustomStringConvertible {
    /// `Predictor "mnist": [28, 28, 1] to [10]`.
    public var description: String { "Predictor \"\(name)\": \(inputShape) to \(outputShape)" }
}
