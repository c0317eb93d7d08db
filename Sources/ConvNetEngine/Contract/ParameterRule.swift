/// How a parameter begins, and what training holds it to.
public struct ParameterRule: Sendable {
    /// Where its first values come from.
    public let initializer: any Initializer
    /// The penalty for its values, which is added to the loss while it learns.
    public let regularizer: (any Regularizer)?
    /// What its values satisfy after each step.
    public let constraint: (any Constraint)?

    /// A rule; without a penalty and a constraint unless they are given.
    public init(
        _ initializer: any Initializer,
        regularizer: (any Regularizer)? = nil,
        constraint: (any Constraint)? = nil
    ) {
        self.initializer = initializer
        self.regularizer = regularizer
        self.constraint = constraint
    }

    /// Checks the penalty and the constraint.
    ///
    /// - Throws: `ConvNetError` of kind `argument` or `shape` if one of them is out of range, or not for arrays of the shape.
    func validate(for shape: Shape) throws {
        try regularizer?.validate(for: shape)
        try constraint?.validate(for: shape)
    }
}
