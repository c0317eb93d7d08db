/// The transforms that `RandAugment` and `AugMix` choose from, all of one strength.
struct AugmentOperations: Sendable {
    let transforms: [any ImageTransform]

    /// - Parameters:
    ///   - factor: the range of the strength.
    ///   - includesColors: whether there are those that change brightness, colour, contrast and sharpness.
    init(
        factor: Factor,
        interpolation: Interpolation,
        valueRange: ClosedRange<Float>,
        includesColors: Bool = true
    ) {
        // As Keras: a number stands for the range from 0 to itself, for all of them.
        let (lower, upper) = factor.range(atLeast: 0)
        let range = Factor(lower, upper)
        let bits = upper >= 0 && upper <= 1 ? max(1, (8 * upper).rounded(.down)) : 1
        transforms =
            [
                RandomShear(xFactor: range, yFactor: range, interpolation: interpolation),
                RandomTranslation(heightFactor: range, widthFactor: range, interpolation: interpolation),
                RandomRotation(factor: range, interpolation: interpolation),
                RandomPosterization(factor: Factor(bits), valueRange: valueRange),
                Solarization(additionFactor: range, thresholdFactor: range, valueRange: valueRange),
                AutoContrast(valueRange: valueRange),
                Equalization(valueRange: valueRange),
            ]
            + (includesColors
                ? [
                    RandomBrightness(factor: range, valueRange: valueRange),
                    RandomColorDegeneration(factor: range, valueRange: valueRange),
                    RandomContrast(factor: range, valueRange: valueRange),
                    RandomSharpness(factor: range, valueRange: valueRange),
                ] : [])
    }

    /// - Throws: `ConvNetError` if the strength is out of its range, or a transform cannot take the picture.
    func validate(for picture: Shape, _ factor: Factor) throws {
        try factor.validate(in: 0...1, as: "factor")
        for transform in transforms { _ = try transform.outputShape(for: picture) }
    }

    /// The most scratch memory that one of them needs.
    func scratchCount(for picture: Shape) -> Int {
        transforms.reduce(0) { max($0, $1.scratchCount(for: picture)) }
    }
}

/// - Throws: `ConvNetError` of kind `argument` unless the number of transforms is one that can be.
func requireCount(_ count: Int, as role: String) throws {
    guard (1...100).contains(count) else {
        throw ConvNetError(
            .argument,
            "A picture goes through some transforms",
            at: role,
            expected: "1...100",
            received: "\(count)"
        )
    }
}
