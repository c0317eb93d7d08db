/// Some samples of a dataset, in an order of their own.
public struct Subset: Dataset {
    /// The dataset that holds the samples.
    public let base: any Dataset
    /// The places in `base`, in the order in which this dataset counts them.
    public let indices: [Int]
    public let identity: String?

    /// The samples of `base` at `indices`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if an index is not in `0..<base.count`.
    public init(_ base: any Dataset, _ indices: some Sequence<Int>) throws {
        self.base = base
        self.indices = Array(indices)
        if let odd = self.indices.first(where: { !(0..<base.count).contains($0) }) {
            throw ConvNetError(
                .argument,
                "An index is outside the dataset",
                at: "Subset",
                expected: "0..<\(base.count)",
                received: "\(odd)"
            )
        }
        identity = Self.identity(of: self.indices, base.identity)
    }

    /// What is not told by number and labels: which samples these are. Neighbours in their order go without it, as a validation split.
    private static func identity(of indices: [Int], _ base: String?) -> String? {
        let first = indices.first ?? 0
        guard !indices.enumerated().allSatisfy({ $1 - first == $0 }) else { return base }
        var hash = SHA256()
        for index in indices { hash.update(withUnsafeBytes(of: index.littleEndian) { Array($0) }) }
        return "subset \(hash.digest.description.prefix(16))" + (base.map { " of \($0)" } ?? "")
    }

    public var count: Int { indices.count }
    public var fields: [Field] { base.fields }
    public var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    public var readsAhead: Int { base.readsAhead }
    public var classNames: [String]? { base.classNames }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        try base.read(indices[index], in: reading, into: sample)
    }
}
