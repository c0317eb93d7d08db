/// How an operator runs at one place of a plan: the stages of its forward and backward pass, and the memory that
/// they need.
public protocol Kernel: Sendable {
    /// The implementation that the site has got, as `summary` and profiles show it: "im2col, openBLAS", say. The default is empty.
    var implementation: String { get }
    /// Memory that the forward pass fills and the backward pass reads. The default is none.
    var saved: [BufferSpec] { get }
    /// Bytes of scratch memory that each worker has while it runs a part of a stage. The default is none.
    var scratch: Int { get }
    /// Bytes of memory that all parts of the stages of one pass share, forward or backward; what one pass leaves there
    /// the other does not find. The default is none.
    var workspace: Int { get }
    /// Bytes for what depends on whole operands alone, such as transformed weights, filled by `prepare`: kept from batch to
    /// batch where these are parameters and constants. The default is none.
    var prepared: Int { get }
    /// The name of the layout that `prepare` gives its memory. Plans of other batch sizes, and a predictor's engines, share
    /// that memory wherever operands, layout and size are equal: the content must depend on nothing but these. The default is `implementation`.
    var preparedLayout: String { get }
    /// Which values of the forward pass the backward pass reads, besides whole operands. The default is both.
    var backwardReads: BackwardReads { get }
    /// Where the gradients of whole operands go, if others are batched. The default is `.shards`.
    var gradientRoute: GradientRoute { get }
    /// Whether the output is the input, unchanged, so that no stage is needed and no value copied.
    var isIdentity: Bool { get }
    /// Whether `backward` changes the gradient of the output. Where that is the gradient of another value as well, a kernel that
    /// does gets a copy. The default is that it does.
    var changesOutputGradient: Bool { get }

    /// Whether the gradient of operand `index` is that of the output, once `backward` has run, as for a sum. Then both may be one
    /// memory, `inputGradient(index)` is `outputGradient`, and there is nothing to copy. The default is no.
    func passesGradient(to index: Int) -> Bool

    /// The stages, none of them split by samples, that fill the `prepared` memory: run before a forward pass if
    /// its operands have changed since they ran last. The default is none.
    func prepare() -> [Stage]
    /// The stages of the forward pass, in order.
    func forward() -> [Stage]
    /// The stages of the backward pass, in order. Each gradient of a batched operand is stored, never added to: where a
    /// value has several readers, the plan adds up what they store. The gradient of the output may be changed, unless
    /// `changesOutputGradient` says that it is not.
    ///
    /// Without stages the operator has no backward pass, and a plan that needs a gradient from it is refused.
    func backward() -> [Stage]
}

extension Kernel {
    /// Nothing.
    public var implementation: String { "" }
    /// None.
    public var saved: [BufferSpec] { [] }
    /// None.
    public var scratch: Int { 0 }
    /// None.
    public var workspace: Int { 0 }
    /// None.
    public var prepared: Int { 0 }
    /// The name of the implementation.
    public var preparedLayout: String { implementation }
    /// Nothing.
    public func prepare() -> [Stage] { [] }
    /// Both.
    public var backwardReads: BackwardReads { [.inputs, .output] }
    /// Shards.
    public var gradientRoute: GradientRoute { .shards }
    /// No.
    public var isIdentity: Bool { false }
    /// Yes.
    public var changesOutputGradient: Bool { true }
    /// No.
    public func passesGradient(to index: Int) -> Bool { false }
}

/// Memory that a kernel keeps from its forward to its backward pass.
public struct BufferSpec: Sendable, Hashable {
    /// What the size counts for.
    public enum Extent: Sendable, Hashable {
        /// Each sample has its own.
        case sample
        /// There is one for the whole batch.
        case batch
    }

    /// The size in bytes.
    public let byteCount: Int
    /// What the size counts for.
    public let extent: Extent

    /// `byteCount` bytes for each sample, or for the whole batch.
    public init(byteCount: Int, per extent: Extent) {
        self.byteCount = byteCount
        self.extent = extent
    }
}

/// Which values of the forward pass a backward pass reads; the memory of the others is used again.
public struct BackwardReads: OptionSet, Sendable {
    /// One bit for each kind of value.
    public let rawValue: Int
    /// The values whose bits are set.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// The batched operands.
    public static let inputs = BackwardReads(rawValue: 1)
    /// The outputs.
    public static let output = BackwardReads(rawValue: 2)
}

/// Where the backward pass puts the gradients of whole operands, such as parameters, where other operands are batched.
public enum GradientRoute: Sendable, Hashable {
    /// Into a copy of its own for each shard of the batch, which starts at zero and is *added to* by one
    /// worker at a time, in the order of the samples. The copies are summed in a fixed tree. For small weights.
    case shards
    /// *Stored* at once: each element is written by exactly one part of one stage. For large weights.
    case direct
}
