/// A network as the engine knows it.
package struct LowerableNetwork: Sendable {
    /// The shape of one sample, and of one prediction, without the batch axis.
    package let inputShape: Shape, outputShape: Shape
    /// Lowers the network for a number of samples and a mode, and runs the passes, for which the loss matters if the plan
    /// computes one. Layers are frozen by their index.
    let lower: Lowerer

    package typealias Lowerer =
        @Sendable (
            _ batch: Int, _ mode: Site.Mode, _ loss: (any Loss)?, _ frozen: Set<Int>
        ) throws -> OpGraph

    /// A network by what lowers it.
    package init(inputShape: Shape, outputShape: Shape, lower: @escaping Lowerer) {
        self.inputShape = inputShape
        self.outputShape = outputShape
        self.lower = lower
    }
}
