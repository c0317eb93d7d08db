/// One of several kernels of an operator.
///
/// Each says by itself what it can compute and what that costs. So one that is added is one more in its operator's list, and no
/// rule elsewhere has to know of it.
struct Implementation<Problem>: Sendable {
    /// What an implementation says of a problem.
    enum Suitability: Sendable {
        /// What computing it costs, in a unit that the implementations of an operator share; infinite for one that is
        /// taken only where it is asked for.
        case cost(Double)
        /// Why it cannot compute it.
        case unsuitable(String)
    }

    /// The name by which it is asked for.
    let name: String
    let suits: @Sendable (Problem) -> Suitability
    /// The kernel; called for a problem that it suits.
    let make: @Sendable (Problem) -> any Kernel

    init(
        _ name: String,
        suits: @escaping @Sendable (Problem) -> Suitability,
        make: @escaping @Sendable (Problem) -> any Kernel
    ) {
        self.name = name
        self.suits = suits
        self.make = make
    }
}

extension Array {
    /// The implementation that costs least; of equal costs the first.
    ///
    /// - Throws: `ConvNetError` of kind `argument`, with all reasons, if none suits.
    func cheapest<Problem>(for problem: Problem) throws -> Element where Element == Implementation<Problem> {
        var best: (cost: Double, implementation: Element)?
        var reasons: [String] = []
        for implementation in self {
            switch implementation.suits(problem) {
            case .cost(let cost) where best.map({ cost < $0.cost }) ?? true: best = (cost, implementation)
            case .cost: break
            case .unsuitable(let reason): reasons.append("\(implementation.name): \(reason)")
            }
        }
        guard let best else {
            throw ConvNetError(
                .argument,
                "No implementation can compute this operator",
                received: reasons.joined(separator: "; ")
            )
        }
        return best.implementation
    }
}
