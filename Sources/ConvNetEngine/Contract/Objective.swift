/// What training makes small: losses of outputs, each times a factor.
package struct Objective: Sendable {
    /// The loss of one output.
    package struct Term: Sendable {
        /// The index of the output.
        package let output: Int
        package let loss: any Loss
        package let factor: Float

        package init(output: Int, loss: any Loss, factor: Float = 1) {
            self.output = output
            self.loss = loss
            self.factor = factor
        }
    }

    package let terms: [Term]

    package init(_ terms: [Term]) { self.terms = terms }
}
