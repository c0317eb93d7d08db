/// Sorts values into bins between boundaries, which are given or learned.
///
/// With the boundaries 0, 1 and 2 the bins are below 0, from 0 to below 1, from 1 to below 2, and from 2 on. Shapes, without the
/// batch axis: `.int` gives the index of each element's bin and keeps the shape; the other modes encode these indices as
/// `CategoryEncoding` does, with a category for each bin. Its inputs get no gradient.
///
/// ```swift
/// Discretization(binBoundaries: [0, 1, 2])
///
/// var quartiles = Discretization(numBins: 4)
/// try quartiles.adapt(images)
/// ```
public struct Discretization: Layer, Hashable {
    /// What becomes of the indices of bins.
    public enum OutputMode: String, Sendable, Hashable, Codable {
        /// They stay as they are.
        case int
        /// Each an array of its own, with a 1 at its index.
        case oneHot = "one_hot"
        /// One array for all elements of a sample, with a 1 for each bin that occurs.
        case multiHot = "multi_hot"
        /// One array for all elements of a sample, with how often each bin occurs.
        case count

        fileprivate var encoding: CategoryEncoding.OutputMode? {
            CategoryEncoding.OutputMode(rawValue: rawValue)
        }
    }

    /// `Discretization`.
    public static let kind = "Discretization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The boundaries, ascending: given, or learned by `adapt`; `nil` before it.
    public private(set) var binBoundaries: [Float]?
    /// The number of bins whose boundaries `adapt` learns; `nil` where they are given.
    public let numBins: Int?
    /// How far a learned boundary may be from its quantile, as a share of all values.
    public let epsilon: Double
    /// What becomes of the indices of bins.
    public let outputMode: OutputMode
    /// Whether the layer was made with boundaries and a number of bins: `lower` refuses it.
    private var isOverdetermined = false

    private enum CodingKeys: CodingKey { case name, binBoundaries, numBins, epsilon, outputMode }

    /// A layer that sorts into bins; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - binBoundaries: the boundaries, ascending. Default `nil`: `adapt` learns them.
    ///   - numBins: the number of bins for which `adapt` learns boundaries, at least 1. Given where `binBoundaries` are not.
    ///   - epsilon: how far a learned boundary may be from its quantile, as a share of all values, above 0 and at most 1. A
    ///     larger one takes less memory. Default 0.01.
    ///   - outputMode: what becomes of the indices of bins. Default `.int`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        binBoundaries: [Float]? = nil,
        numBins: Int? = nil,
        epsilon: Double = 0.01,
        outputMode: OutputMode = .int,
        name: String? = nil
    ) {
        self.binBoundaries = binBoundaries
        self.numBins = numBins
        self.epsilon = epsilon
        self.outputMode = outputMode
        self.name = name
        isOverdetermined = binBoundaries != nil && numBins != nil
    }

    /// Learns boundaries between which equally many values of the samples lie, in place of those that it has.
    ///
    /// - Parameter samples: of any shape.
    /// - Throws: `ConvNetError` of kind `argument` if the layer was given boundaries or a setting is out of its range, of kind
    ///   `data` if there is no value, or one is NaN.
    public mutating func adapt(_ samples: Tensor) throws {
        let bins = try validatedBins()
        var summary = QuantileSummary(epsilon: epsilon)
        try summary.add(samples.elements)
        binBoundaries = try summary.boundaries(bins: bins)
    }

    /// Learns boundaries between which equally many values of a dataset's input lie, in place of those that it has.
    ///
    /// - Parameters:
    ///   - dataset: its input is read once, in order.
    ///   - batchSize: how many samples are summed up at once, at least 1. Default 32.
    /// - Throws: as for a tensor; `ConvNetError` of kind `argument` if there are several inputs, and what the dataset throws.
    public mutating func adapt(_ dataset: some Dataset, batchSize: Int = 32) throws {
        let bins = try validatedBins()
        try requireSize(batchSize, as: "batchSize")
        let input = try InputReader(dataset, for: Self.kind)
        var summary = QuantileSummary(epsilon: epsilon)
        var values: [Float] = [], count = 0
        try input.forEachSample {
            values += $0
            count += 1
            guard count == batchSize else { return }
            try summary.add(values)
            (values, count) = ([], 0)
        }
        if count > 0 { try summary.add(values) }
        binBoundaries = try summary.boundaries(bins: bins)
    }

    /// Emits a `Discretize`, and an `EncodeCategories` after it.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there are no boundaries or they are not ascending, of kind `shape` if the
    ///   mode does not suit the input.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard !isOverdetermined, let binBoundaries else {
            throw ConvNetError(
                .argument,
                "Bins have boundaries, or a number of them and samples to adapt to",
                at: "binBoundaries, numBins",
                expected: "one of the two, and adapt() after numBins",
                received: isOverdetermined
                    ? "both" : numBins.map { "\($0) bins, without adapt()" } ?? "neither",
                remedy: "Give binBoundaries, or call adapt(_:) before the layer is used"
            )
        }
        guard zip(binBoundaries, binBoundaries.dropFirst()).allSatisfy({ $0 <= $1 }),
            !binBoundaries.contains(where: \.isNaN)
        else {
            throw ConvNetError(
                .argument,
                "The boundaries of bins are not ascending",
                at: "binBoundaries",
                expected: "numbers in ascending order",
                received: "\(binBoundaries)"
            )
        }
        let bins = try lowering.emit(Discretize(boundaries: binBoundaries), x)[0]
        guard let encoding = outputMode.encoding else { return [bins] }
        return [try lowering.encode(bins, kind: Self.kind, depth: binBoundaries.count + 1, encoding)]
    }

    /// The number of bins to be learned.
    private func validatedBins() throws -> Int {
        guard !isOverdetermined, let numBins, (1...largestSize).contains(numBins), epsilon > 0, epsilon <= 1
        else {
            throw ConvNetError(
                .argument,
                "The layer cannot learn boundaries",
                at: "numBins, epsilon",
                expected: "1...\(largestSize) bins and no given boundaries, an epsilon above 0 and at most 1",
                received: "\(numBins.map { "\($0)" } ?? "no number of") bins, epsilon \(epsilon)"
            )
        }
        return numBins
    }
}
