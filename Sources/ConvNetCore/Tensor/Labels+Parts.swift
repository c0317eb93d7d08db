extension Labels {
    /// The labels at indices, in their order.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such label.
    public func gathered(_ indices: [Int]) throws -> Labels {
        if let odd = indices.first(where: { !values.indices.contains($0) }) {
            throw ConvNetError(
                .argument,
                "An index is outside the labels",
                at: "gathered(_:)",
                expected: "0..<\(count)",
                received: "\(odd)"
            )
        }
        return Labels(indices.map { values[$0] })
    }

    /// A part of the labels: `labels.sliced(0..<10)` are the first ten.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the range is not within the labels.
    public func sliced(_ range: Range<Int>) throws -> Labels {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw ConvNetError(
                .argument,
                "A slice outside the labels",
                at: "sliced(_:)",
                expected: "a range within 0..<\(count)",
                received: "\(range)"
            )
        }
        return Labels(Array(values[range]))
    }

    /// The labels in random order: in that of a tensor of equally many samples that the same seed has shuffled.
    public func shuffled(seed: UInt64) -> Labels {
        Labels(RandomStream.order(of: count, seed: seed).map { values[$0] })
    }

    /// The labels in two parts, the second one from an index on.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the index is not in `0...count`.
    public func split(at index: Int) throws -> (Labels, Labels) {
        guard (0...count).contains(index) else {
            throw ConvNetError(
                .argument,
                "A split outside the labels",
                at: "split(at:)",
                expected: "0...\(count)",
                received: "\(index)"
            )
        }
        return (Labels(Array(values[..<index])), Labels(Array(values[index...])))
    }
}
