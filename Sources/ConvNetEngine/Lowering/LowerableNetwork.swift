/// A network as the engine knows it.
package struct LowerableNetwork: Sendable {
    /// The shapes of the inputs, and of the outputs, without the batch axis.
    package let inputShapes: [Shape], outputShapes: [Shape]
    /// Lowers the network for a number of samples and a mode, and runs the passes, for which the losses matter if the plan
    /// computes some. Layers are frozen by their index.
    let lower: Lowerer

    package typealias Lowerer =
        @Sendable (
            _ batch: Int, _ mode: Site.Mode, _ objective: Objective?, _ frozen: Set<Int>
        ) throws -> OpGraph

    /// A network by what lowers it.
    package init(inputShapes: [Shape], outputShapes: [Shape], lower: @escaping Lowerer) {
        self.inputShapes = inputShapes
        self.outputShapes = outputShapes
        self.lower = lower
    }
}
