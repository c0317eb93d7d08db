extension ArrayDataset {
    /// The samples at indices, with their targets, in this order.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no such sample.
    public func gathered(_ indices: [Int]) throws -> ArrayDataset {
        let samples: Samples =
            switch samples {
            case .values(let tensor): .values(try tensor.gathered(indices))
            case .bytes(let bytes): .bytes(try bytes.gathered(indices))
            }
        let targets: Targets? =
            switch targets {
            case nil: nil
            case .labels(let labels): .labels(try labels.gathered(indices))
            case .values(let tensor): .values(try tensor.gathered(indices))
            }
        var part = try ArrayDataset(samples, targets)
        part.classNames = classNames
        return part
    }

    /// Samples and targets together in random order.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    public func shuffled(seed: UInt64) throws -> ArrayDataset {
        try gathered(RandomStream.order(of: count, seed: seed))
    }

    /// The dataset in two parts, the second one from an index on.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the index is not in `0...count`.
    public func split(at index: Int) throws -> (ArrayDataset, ArrayDataset) {
        guard (0...count).contains(index) else {
            throw ConvNetError(
                .argument,
                "A split outside the dataset",
                at: "split(at:)",
                expected: "0...\(count)",
                received: "\(index)"
            )
        }
        return (try gathered(Array(0..<index)), try gathered(Array(index..<count)))
    }

    /// The dataset in a part to train on and one to test with, as scikit-learn's `train_test_split`.
    ///
    /// ```swift
    /// let (train, test) = try ArrayDataset(images, Labels(labels)).trainTestSplit(testSize: 0.2, seed: 1)
    /// ```
    ///
    /// - Parameters:
    ///   - testSize: the share of the samples to test with, above 0 and below 1; their number is rounded up.
    ///   - shuffle: whether the samples are shuffled before. Default: `true`.
    ///   - seed: from which their order is made. Default: 0.
    /// - Throws: `ConvNetError` of kind `argument` if one of the parts would be empty.
    public func trainTestSplit(
        testSize: Double = 0.25,
        shuffle: Bool = true,
        seed: UInt64 = 0
    ) throws -> (train: ArrayDataset, test: ArrayDataset) {
        let isShare = testSize > 0 && testSize < 1
        let testCount = isShare ? Int((Double(count) * testSize).rounded(.up)) : 0
        guard testCount > 0, testCount < count else {
            throw ConvNetError(
                .argument,
                "The split leaves no samples to train on or to test with",
                at: "trainTestSplit, testSize",
                expected: "a share between 0 and 1 that gives each at least 1 of \(count) samples",
                received: "\(testSize)"
            )
        }
        let order = shuffle ? RandomStream.order(of: count, seed: seed) : Array(0..<count)
        let trainCount = count - testCount
        return (try gathered(Array(order[..<trainCount])), try gathered(Array(order[trainCount...])))
    }
}
