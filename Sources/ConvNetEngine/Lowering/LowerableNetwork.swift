/// A network as the engine knows it.
package struct LowerableNetwork: Sendable {
    /// Lowers the network for a number of samples, for inputs of these shapes (without the batch axis) and for a mode, and
    /// runs the passes. If the plan computes losses, those that are made of operators are lowered, too, for what outputs are compared
    /// with. Layers are frozen by their index.
    let lower: Lowerer

    package typealias Lowerer =
        @Sendable (
            _ batch: Int, _ inputShapes: [Shape], _ mode: Site.Mode, _ objective: Objective?,
            _ targets: [TargetKind], _ frozen: Set<Int>
        ) throws -> OpGraph

    /// A network by what lowers it.
    package init(lower: @escaping Lowerer) { self.lower = lower }
}
