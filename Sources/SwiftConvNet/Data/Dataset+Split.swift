extension Dataset {
    /// The dataset in a part to train on and one to validate with. No sample is copied.
    ///
    /// ```swift
    /// let (train, held) = try data.split(validation: 0.2, seed: 1, stratified: true)
    /// try model.fit(train, validationData: held)
    /// ```
    ///
    /// - Parameters:
    ///   - validation: the share of the samples to validate with, above 0 and below 1. Their number is rounded to the
    ///     nearest.
    ///   - seed: from which the parts are drawn. `nil` takes the last samples for validation, in their order, as
    ///     `fit(validationSplit:)` does. Default: 0.
    ///   - stratified: whether each part has every class as often as the whole, but for less than one sample a class.
    ///     Default: no.
    ///   - field: the name of the target that has the class; `nil`, the default, if there is only one.
    /// - Throws: `ConvNetError` of kind `argument` if a part would be empty, or there is no class to stratify by; what the
    ///   dataset throws when its classes are read.
    public func split(
        validation: Double,
        seed: UInt64? = 0,
        stratified: Bool = false,
        by field: String? = nil
    ) throws -> (train: Subset, validation: Subset) {
        let parts = try split(
            fractions: [1 - validation, validation],
            seed: seed,
            stratified: stratified,
            by: field
        )
        return (parts[0], parts[1])
    }

    /// The dataset in several parts, such as 70 % to train on, 15 % to validate and 15 % to test with. No sample is copied.
    ///
    /// ```swift
    /// let parts = try data.split(fractions: [0.7, 0.15, 0.15], seed: 1)
    /// ```
    ///
    /// - Parameters:
    ///   - fractions: the share of each part, above 0; in all at most 1. Samples beyond are in no part.
    ///   - seed: from which the parts are drawn; `nil` takes samples in their order. Default: 0.
    ///   - stratified: whether each part has every class as often as the whole, but for less than one sample a class.
    ///     Default: no.
    ///   - field: the name of the target that has the class; `nil`, the default, if there is only one.
    /// - Returns: as many parts, in each the samples in their own order (`fit` shuffles).
    /// - Throws: as `split(validation:seed:stratified:by:)`.
    public func split(
        fractions: [Double],
        seed: UInt64? = 0,
        stratified: Bool = false,
        by field: String? = nil
    ) throws -> [Subset] {
        let sum = fractions.reduce(0, +)
        // 1e-9: 0.7 + 0.15 + 0.15 is a little more than 1.
        guard !fractions.isEmpty, fractions.allSatisfy({ $0 > 0 && $0 <= 1 }), sum <= 1 + 1e-9 else {
            throw ConvNetError(
                .argument,
                "The fractions are no shares of a whole",
                at: "split",
                expected: "numbers above 0, in all at most 1",
                received: "\(fractions)"
            )
        }
        let groups: [[Int]] =
            stratified
            ? try SampleClasses(of: self, in: field, for: "split").samples.map(\.indices)
            : [try MemoryCheck.indices(0..<count)]
        var parts = [[Int]](repeating: [], count: fractions.count)
        // What the roundings of the classes before have given each part too little, or too much: the next ones make up
        // for it, so that parts of many small classes have their size, too.
        var owed = [Double](repeating: 0, count: fractions.count)
        for (number, group) in groups.enumerated() {
            var samples = group
            if let seed {
                // The order of the classes is fixed; so are their streams. 0 is the one of `shuffled(seed:)`.
                let stream = UInt32(truncatingIfNeeded: number + 1)
                var random = RandomStream(seed: seed, purpose: .shuffle, 0, stream)
                samples = random.permutation(of: group.count).map { group[$0] }
            }
            var first = 0
            for (part, taken) in Self.shares(fractions, of: group.count, &owed).enumerated() {
                parts[part] += samples[first..<(first + taken)]
                first += taken
            }
        }
        if let empty = parts.firstIndex(where: \.isEmpty) {
            throw ConvNetError(
                .argument,
                "A part of the split is empty",
                at: "split, part \(empty)",
                expected: "a share that gives it at least 1 of \(count) samples",
                received: "\(fractions[empty])"
            )
        }
        return try parts.map { try Subset(self, $0.sorted()) }
    }

    /// How many of `count` samples each part gets: its share rounded down, and one more for those that are owed the most.
    private static func shares(_ fractions: [Double], of count: Int, _ owed: inout [Double]) -> [Int] {
        let wanted = fractions.map { $0 * Double(count) }
        // 1e-6: 0.7 of 10 is a little less than 7.
        var shares = wanted.map { Int(($0 + 1e-6).rounded(.down)) }
        let total = min(Int(wanted.reduce(0, +).rounded()), count)
        for part in shares.indices { owed[part] += wanted[part] - Double(shares[part]) }
        let ordered = shares.indices.sorted { (owed[$0], $1) > (owed[$1], $0) }
        for part in ordered.prefix(max(total - shares.reduce(0, +), 0)) {
            shares[part] += 1
            owed[part] -= 1
        }
        return shares
    }
}
