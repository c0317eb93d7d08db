/// What an operator of ONNX does here.
struct OperatorDefinition: Sendable {
    /// Emits the engine's operators.
    typealias Lower = @Sendable (NodeContext) throws -> [ONNXValue]
    /// The outputs for operands that are all known; `nil` to be lowered all the same.
    typealias Evaluate = @Sendable (ONNXNode, [Literal?]) throws -> [Literal]?
    /// The order of axes in which a weight is kept.
    typealias StorageOrder = @Sendable (_ settings: NodeSettings, _ rank: Int) -> [Int]

    /// Operands that have to be known when a plan is made.
    enum Known: Sendable {
        case none
        case all
        case from(Int)
        case only(Set<Int>)

        func contains(_ index: Int) -> Bool {
            switch self {
            case .none: false
            case .all: true
            case .from(let first): index >= first
            case .only(let indices): indices.contains(index)
            }
        }
    }

    let known: Known
    /// Operands that are weights, wherever the file keeps them, and the order in which they are kept.
    let weights: [Int: StorageOrder]
    /// Operands that must be the same for all samples: what kernels take no other of.
    let whole: Set<Int>
    /// Operands that are kept, and not learned: moving statistics.
    let states: Set<Int>
    let evaluate: Evaluate?
    let lower: Lower

    init(
        known: Known = .none,
        weights: [Int: StorageOrder] = [:],
        whole: Set<Int> = [],
        states: Set<Int> = [],
        evaluate: Evaluate? = nil,
        _ lower: @escaping Lower
    ) {
        self.known = known
        self.weights = weights
        self.whole = whole
        self.states = states
        self.evaluate = evaluate
        self.lower = lower
    }

    /// Whether it makes constants from operands that are known.
    var isGenerator: Bool { if case .all = known { true } else { false } }

    /// A weight that is kept as the file has it.
    static let asIs: StorageOrder = { .plain($1) }
}
