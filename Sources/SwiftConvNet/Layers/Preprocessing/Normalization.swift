/// Brings values to mean 0 and variance 1 with moments that are known before training, of a dataset or given as numbers.
///
/// ```
/// y = (x - mean) / max(sqrt(variance), 1e-7)
/// ```
///
/// Input and output: any shape, the same. Mean and variance have a number for each index of the axes that are kept, by
/// default the last one. What `adapt` has learned are the first values of the parameters mean and variance, of the sizes of
/// these axes, which no optimizer changes; a third, count, is a single 0, as in Keras' files. A file holds them with the
/// other parameters, and not with the layer's settings. Given numbers are settings, and no parameters.
///
/// ```swift
/// var normalization = Normalization()
/// try normalization.adapt(images)
/// let model = try Sequential(inputShape: [28, 28, 1]) {
///     normalization
///     Flatten()
///     Dense(units: 10)
/// }
/// ```
public struct Normalization: Layer, Hashable {
    /// `Normalization`.
    public static let kind = "Normalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axes with moments for each index, counted as Keras does: the batch is axis 0, so 1 is the first of a sample; from
    /// the last, -1, backwards.
    public let axis: [Int]
    /// The mean, if it was given: one number, or one for each index of the axes.
    public let mean: [Float]?
    /// The variance, if it was given.
    public let variance: [Float]?
    /// Whether the layer goes the way back: `x · max(sqrt(variance), 1e-7) + mean`.
    public let invert: Bool
    /// What `adapt` has learned.
    private(set) var adapted: Moments?

    private enum CodingKeys: CodingKey { case name, axis, mean, variance, invert }

    /// A layer that normalises; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - axis: the axis with moments for each index; the batch is axis 0, which is no choice, and 1 the first of a sample;
    ///     negative numbers count from the last. Default -1. `nil`: one mean and one variance for all values.
    ///   - mean: the mean, one number or one for each index of the axis. Default `nil`: `adapt` learns it.
    ///   - variance: the variance, as many numbers of at least 0; given together with the mean.
    ///   - invert: whether the layer goes the way back, from normalised values. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        axis: Int? = -1,
        mean: [Float]? = nil,
        variance: [Float]? = nil,
        invert: Bool = false,
        name: String? = nil
    ) {
        self.init(
            axis: axis.map { [$0] } ?? [],
            mean: mean,
            variance: variance,
            invert: invert,
            name: name
        )
    }

    /// A layer that normalises, with moments for each index of several axes.
    ///
    /// - Parameters:
    ///   - axis: the axes, counted as Keras does.
    ///   - mean: the mean: one number, one for each index of the last of the axes (and of some before it), or one for each of
    ///     all axes, the last axis fastest. Default `nil`: `adapt` learns it.
    ///   - variance: the variance, as many numbers of at least 0; given together with the mean.
    ///   - invert: whether the layer goes the way back, from normalised values. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        axis: [Int],
        mean: [Float]? = nil,
        variance: [Float]? = nil,
        invert: Bool = false,
        name: String? = nil
    ) {
        self.axis = axis
        self.mean = mean
        self.variance = variance
        self.invert = invert
        self.name = name
    }

    /// Learns mean and variance of samples, in place of those that it has.
    ///
    /// - Parameter samples: `[samples, …]`.
    /// - Throws: `ConvNetError` of kind `argument` if the layer was given mean and variance or samples have no such axis, of
    ///   kind `shape` if there is no sample.
    public mutating func adapt(_ samples: Tensor) throws {
        try adapt(ArrayDataset(.values(samples), nil))
    }

    /// Learns mean and variance of the input of a dataset, in place of those that it has.
    ///
    /// - Throws: as for a tensor, `ConvNetError` of kind `argument` if there are several inputs, and what the dataset throws.
    public mutating func adapt(_ dataset: some Dataset) throws {
        guard mean == nil, variance == nil else {
            throw ConvNetError(
                .argument,
                "A layer with a given mean and variance does not adapt",
                at: Self.kind,
                expected: "neither of them",
                received: "mean \(mean ?? []), variance \(variance ?? [])"
            )
        }
        let input = try InputReader(dataset, for: Self.kind)
        let axes = try axes(of: input.shape)
        var moments = MomentSums(input.shape, axes: axes)
        try input.forEachSample { moments.add($0) }
        adapted = moments.moments
    }

    /// Emits a `Standardize`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis or mean and variance are out of range, of kind
    ///   `shape` if the layer has adapted to other sizes.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        let axes = try axes(of: x.shape)
        let shape = Shape(axes.map { x.shape[$0] })
        let op = Standardize(axes: axes, inverts: invert)
        if let given = try given(shape) {
            return try lowering.emit(
                op,
                x,
                lowering.constant(ConstantTensor(given.mean, shape: shape)),
                lowering.constant(ConstantTensor(given.variance, shape: shape))
            )
        }
        if let adapted, adapted.shape != shape {
            throw ConvNetError(
                .shape,
                "The layer has adapted to other samples",
                expected: "the sizes \(adapted.shape) along axis \(axis)",
                received: "\(shape), of \(x.shape)"
            )
        }
        let mean: any Initializer, variance: any Initializer
        if let adapted {
            (mean, variance) = (GivenValues(adapted.mean), GivenValues(adapted.variance))
        } else {
            (mean, variance) = (.zeros, .ones)
        }
        let operands = [
            x, try lowering.state("mean", shape, mean), try lowering.state("variance", shape, variance),
        ]
        _ = try lowering.state("count", [], .zeros)
        return try lowering.emit(op, operands)
    }

    /// The axes among those of a sample, ascending.
    private func axes(of shape: Shape) throws -> [Int] {
        let places = axis.map { $0 < 0 ? $0 &+ shape.rank : $0 &- 1 }
        guard shape.rank > 0, !axis.contains(0), places.allSatisfy(shape.indices.contains),
            Set(places).count == places.count
        else {
            throw ConvNetError(
                .argument,
                "Samples have no such axes to be normalised by",
                at: "axis",
                expected:
                    "each at most once of 1...\(shape.rank), where 0 would be the batch, or -\(shape.rank)...(-1)",
                received: "\(axis), for \(shape)"
            )
        }
        return places.sorted()
    }

    /// The numbers that were given, one for each index of the axes.
    private func given(_ shape: Shape) throws -> (mean: [Float], variance: [Float])? {
        guard mean != nil || variance != nil else { return nil }
        guard let mean, let variance, mean.count == variance.count else {
            throw ConvNetError(
                .argument,
                "Mean and variance are given together",
                at: "mean, variance",
                expected: "as many numbers of either",
                received: "\(mean?.count ?? 0) and \(variance?.count ?? 0)"
            )
        }
        guard mean.allSatisfy(\.isFinite), variance.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw ConvNetError(
                .argument,
                "Not a mean and a variance",
                at: "mean, variance",
                expected: "finite numbers, and variances of at least 0",
                received: "mean \(mean), variance \(variance)"
            )
        }
        // As in Keras the numbers are those of the last of the axes, and repeated along the others.
        let suffixes = shape.indices.map { shape[$0...].reduce(1, *) } + [1]
        guard suffixes.contains(mean.count) else {
            throw ConvNetError(
                .argument,
                "There is not a mean and a variance for each index",
                at: "mean, variance",
                expected: "one number, or \(shape.elementCount), for the sizes \(shape) along axis \(axis)",
                received: "\(mean.count)"
            )
        }
        func all(_ numbers: [Float]) -> [Float] {
            (0..<shape.elementCount).map { numbers[$0 % numbers.count] }
        }
        return (all(mean), all(variance))
    }
}
