/// One step of a kernel: a body, and how its work is split. All parts of a stage are done before the next
/// stage begins, except that neighbouring stages split by samples run tile by tile, layer after layer, while the
/// data is in the cache.
public struct Stage: Sendable {
    /// How the work of a stage is split. A split depends on shapes and constants alone, never on the number of
    /// workers, and so do the bits of the result.
    public enum Split: Sendable, Hashable {
        /// By samples: a part gets a range of samples.
        case samples
        /// Into this many tasks: a part gets its number.
        case tasks(Int)
        /// Not at all.
        case once
    }

    /// How the work is split.
    public let split: Split
    /// The work of one part.
    public let body: @Sendable (StageContext) -> Void

    /// A stage.
    public init(_ split: Split, _ body: @escaping @Sendable (StageContext) -> Void) {
        self.split = split
        self.body = body
    }
}
