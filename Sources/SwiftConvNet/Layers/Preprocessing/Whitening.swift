/// Whitens samples: afterwards their values have mean 0 and variance 1, and no two of them are correlated, by what `adapt` has
/// learned.
///
/// ```
/// pca: y = (x - mean) · Vᵀ / sqrt(eigenvalues + epsilon)
/// zca: y = (x - mean) · Vᵀ / sqrt(eigenvalues + epsilon) · V
/// ```
///
/// with the eigenvalues and the eigenvectors, the rows of V, of the covariance of the samples, divided by their number. PCA's values
/// are the components, the one of the largest variance first, `[components]`; of each eigenvector the element of the largest absolute
/// value is positive. ZCA turns them back, so that a picture still looks like one: the shape stays.
///
/// Input: any shape; all values of a sample are whitened together, so there are as many eigenvectors as values: for pictures of
/// 28×28×1 a matrix of 784×784. The parameters are `mean`, `[values]`, and `matrix`, `[values, components]`; no optimizer changes them. A
/// file holds them with the other parameters, and not with the layer's settings. Before `adapt` the mean is 0, and the matrix has a
/// diagonal of ones.
///
/// ```swift
/// var whitening = Whitening(.zca, epsilon: 0.1)
/// try whitening.adapt(images)
/// let model = try Sequential(inputShape: [28, 28, 1]) {
///     whitening
///     Flatten()
///     Dense(units: 10)
/// }
/// ```
///
/// Source: Kessy and others, Optimal whitening and decorrelation, 2018; scikit-learn's `PCA(whiten=True)` divides the covariance by one sample
/// less.
public struct Whitening: Layer, Hashable {
    /// Which of the matrices that whiten.
    public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        /// Principal components.
        case pca
        /// The one that changes samples least.
        case zca
    }

    /// What `adapt` has learned.
    struct Learned: Sendable, Hashable {
        /// The number of values of a sample.
        let size: Int
        let mean: [Float]
        /// `[size, components]`.
        let matrix: [Float]
    }

    /// `Whitening`.
    public static let kind = "Whitening"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Which of the matrices that whiten.
    public let method: Method
    /// What is added to the eigenvalues: directions of hardly any variance, which are noise, are not blown up.
    public let epsilon: Float
    /// How many principal components are kept, those of the largest variance; `nil` for all.
    public let components: Int?
    /// What `adapt` has learned.
    private(set) var adapted: Learned?

    private enum CodingKeys: CodingKey { case name, method, epsilon, components }

    /// A layer that whitens.
    ///
    /// - Parameters:
    ///   - method: `.pca` or `.zca`. Default `.zca`.
    ///   - epsilon: what is added to the eigenvalues, at least 0. Default 1e-5; pictures want more, some 0.01 to 0.1 for values in 0...1.
    ///   - components: how many principal components are kept, at least 1; with ZCA the sample is made of these. Default all.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        _ method: Method = .zca,
        epsilon: Float = 1e-5,
        components: Int? = nil,
        name: String? = nil
    ) {
        self.method = method
        self.epsilon = epsilon
        self.components = components
        self.name = name
    }

    /// Learns the mean and the covariance of samples, in place of those that it has.
    ///
    /// - Parameter samples: `[samples, …]`.
    /// - Throws: `ConvNetError` of kind `argument` if epsilon or the number of components is out of range, or samples have too many
    ///   values; of kind `shape` if there is no sample; of kind `numeric` if one is not finite; of kind `environment` if there is not enough
    ///   memory.
    public mutating func adapt(_ samples: Tensor) throws {
        try adapt(ArrayDataset(.values(samples), nil))
    }

    /// Learns the mean and the covariance of the input of a dataset, which is read twice.
    ///
    /// - Throws: as for a tensor, `ConvNetError` of kind `argument` if there are several inputs, and what the dataset throws.
    public mutating func adapt(_ dataset: some Dataset) throws {
        let input = try InputReader(dataset, for: Self.kind)
        let size = input.shape.elementCount
        let kept = try keptComponents(of: size)
        guard size <= SymmetricEigen.largestSize else {
            throw ConvNetError(
                .argument,
                "Samples have too many values to be whitened together",
                at: Self.kind,
                expected: "at most \(SymmetricEigen.largestSize)",
                received: "\(size), of \(input.shape)",
                remedy: "Whiten smaller pictures"
            )
        }
        var mean = [Double](repeating: 0, count: size), count = 0.0
        try input.forEachSample { sample in
            count += 1
            for (place, value) in sample.enumerated() { mean[place] += (Double(value) - mean[place]) / count }
        }
        var sums = try CovarianceSums(around: mean)
        try input.forEachSample { try sums.add($0) }
        let covariance = try sums.covariance()
        guard covariance.allSatisfy(\.isFinite) else {
            throw ConvNetError(
                .numeric,
                "Samples are not finite, or too large",
                at: Self.kind,
                expected: "numbers whose squares can be added up"
            )
        }
        let eigen = try SymmetricEigen(covariance, size: size)
        adapted = Learned(
            size: size,
            mean: mean.map { Float($0) },
            matrix: matrix(of: eigen, size: size, components: kept)
        )
    }

    /// The matrix that whitens, `[size, components]`, or for ZCA `[size, size]`.
    private func matrix(of eigen: SymmetricEigen, size: Int, components: Int) -> [Float] {
        // Rounding may leave eigenvalues that are a little below 0.
        let factors = (0..<components).map { index in
            let variance = max(eigen.values[index], 0) + Double(epsilon)
            return variance > 0 ? 1 / variance.squareRoot() : 0
        }
        func element(_ vector: Int, _ place: Int) -> Double { eigen.vectors[vector * size + place] }
        if method == .pca {
            return (0..<size).flatMap { place in
                (0..<components).map { Float(element($0, place) * factors[$0]) }
            }
        }
        // V' diag V, row by row, so that the inner loop runs along rows.
        var result = [Float](repeating: 0, count: size * size)
        var row = [Double](repeating: 0, count: size)
        for place in 0..<size {
            row.withUnsafeMutableBufferPointer { row in
                row.update(repeating: 0)
                eigen.vectors.withUnsafeBufferPointer { vectors in
                    for vector in 0..<components {
                        let factor = vectors[vector * size + place] * factors[vector]
                        for other in 0..<size { row[other] += factor * vectors[vector * size + other] }
                    }
                }
            }
            for other in 0..<size { result[place * size + other] = Float(row[other]) }
        }
        return result
    }

    /// Emits a subtraction and a matrix product.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if epsilon or the number of components is out of range, of kind `shape` if the layer
    ///   has adapted to other samples.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        let size = x.shape.elementCount
        let components = try keptComponents(of: size)
        if let adapted, adapted.size != size {
            throw ConvNetError(
                .shape,
                "The layer has adapted to other samples",
                expected: "\(adapted.size) values",
                received: "\(size), of \(x.shape)"
            )
        }
        let width = method == .pca ? components : size
        let mean: any Initializer = adapted.map { GivenValues($0.mean) } ?? .zeros
        let matrix: any Initializer = adapted.map { GivenValues($0.matrix) } ?? .identity()
        let flat = try lowering.view(x, as: [size])
        let centered = try lowering.subtract(flat, lowering.state("mean", [size], mean))
        let product = try lowering.emit(
            Linear(hasBias: false),
            centered,
            lowering.state("matrix", [size, width], matrix)
        )
        return method == .pca ? product : [try lowering.view(product[0], as: x.shape)]
    }

    /// The number of components, checked with epsilon.
    private func keptComponents(of size: Int) throws -> Int {
        guard epsilon >= 0, epsilon.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a number to add to eigenvalues",
                at: "\(Self.kind), epsilon",
                expected: "a finite number of at least 0",
                received: "\(epsilon)"
            )
        }
        guard let components else { return size }
        guard (1...max(size, 1)).contains(components) else {
            throw ConvNetError(
                .argument,
                "Samples do not have so many components",
                at: "\(Self.kind), components",
                expected: "1...\(size)",
                received: "\(components)"
            )
        }
        return components
    }
}
