/// A mask of random decisions that may be smaller than a batch of samples: what `noiseShape` stands for.
struct NoiseMask {
    /// Without the batch axis.
    let shape: Shape
    /// Whether all samples of a batch have one mask.
    let isSharedBySamples: Bool

    /// - Parameters:
    ///   - sizes: the batch axis first; `nil` is the input's size.
    ///   - input: the shape of a sample.
    /// - Throws: `ConvNetError` of kind `shape` if the sizes do not fit.
    init(_ sizes: [Int?], for input: Shape) throws {
        let batch = sizes.first ?? nil
        let fits =
            sizes.count == input.rank + 1 && (batch == nil || batch == 1)
            && zip(sizes.dropFirst(), input).allSatisfy { $0 == nil || $0 == 1 || $0 == $1 }
        guard fits else {
            throw ConvNetError(
                .shape,
                "The mask does not fit the input",
                at: "noiseShape",
                expected: "the batch axis, nil or 1, then nil, 1 or the size for each axis of \(input)",
                received: "[\(sizes.map { $0.map { "\($0)" } ?? "nil" }.joined(separator: ", "))]",
                remedy:
                    "Write nil for an axis along which each place has a decision of its own, 1 for one decision for all"
            )
        }
        shape = Shape(zip(sizes.dropFirst(), input).map { $0 ?? $1 })
        isSharedBySamples = batch == 1
    }

    /// One decision for all places of each channel.
    init(channelsOf input: Shape) {
        shape = Shape(input.dimensions.indices.map { $0 == input.rank - 1 ? input[$0] : 1 })
        isSharedBySamples = false
    }

    /// A mask of the input's shape.
    init(of input: Shape) {
        shape = input
        isSharedBySamples = false
    }

    func drop(_ rule: DropMasked.Rule, _ source: RandomSource) -> DropMasked {
        DropMasked(rule, mask: shape, isSharedBySamples: isSharedBySamples, source: source)
    }
}

/// - Throws: `ConvNetError` of kind `argument` if a rate is not in 0...1, or is 1 where `excludesOne`.
func requireRate(_ rate: Float, excludesOne: Bool = false) throws {
    guard (0...1).contains(rate), !(excludesOne && rate == 1) else {
        throw ConvNetError(
            .argument,
            "Not a share of elements to drop",
            at: "rate",
            expected: excludesOne ? "at least 0, and less than 1" : "0...1",
            received: "\(rate)"
        )
    }
}
