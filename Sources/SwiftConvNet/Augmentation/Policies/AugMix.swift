import Foundation

/// While training, mixes each picture with changed copies of itself, which go through chains of random transforms. In inference, passes
/// everything.
///
/// A chain has up to `chainDepth` of the transforms of `RandAugment`. The copies are added with weights from a Dirichlet distribution,
/// and the sum with the picture by a weight from Beta(alpha, alpha). Each picture has chains of its own; Keras' layer draws them once
/// for a batch.
///
/// Input and output, without the batch axis: `[height, width, channels]`, of three channels with `allOps`. What random numbers depend
/// on is said at ``ImageTransform``. Masks stay as they are, for a mixture is in no other place.
///
/// Source: Hendrycks and others, AugMix: A simple data processing method to improve robustness and uncertainty, 2020.
///
/// ```swift
/// AugMix(valueRange: 0...1, factor: 0.2)
/// ```
public struct AugMix: ImageTransform {
    /// `AugMix`.
    public static let kind = "AugMix"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    /// The number of changed copies.
    public let numChains: Int
    /// The largest number of transforms of a copy.
    public let chainDepth: Int
    /// The range of the strength.
    public let factor: Factor
    /// The parameter of the distributions of the weights.
    public let alpha: Float
    /// Whether brightness, colour, contrast and sharpness are changed, too.
    public let allOps: Bool
    /// How pictures are read between their pixels.
    public let interpolation: Interpolation
    public let seed: UInt64?
    private let operations: AugmentOperations

    private enum CodingKeys: CodingKey {
        case name, valueRange, numChains, chainDepth, factor, alpha, allOps, interpolation, seed
    }

    /// A layer that mixes changed copies; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - numChains: the number of changed copies, in 1...100. Default 3.
    ///   - chainDepth: the largest number of transforms of a copy, in 1...100: each is one of the list, or none. Default 3.
    ///   - factor: the range of the strength, in 0...1, as the transforms' `factor`. A number stands for the range from 0 to itself.
    ///     Default 0.3.
    ///   - alpha: the parameter of the distributions of the weights, above 0. Default 1.
    ///   - allOps: whether brightness, colour, contrast and sharpness are changed, too. Default `true`.
    ///   - interpolation: how pictures are read between their pixels: `.bilinear`, the default, or `.nearest`.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        valueRange: ClosedRange<Float> = 0...255,
        numChains: Int = 3,
        chainDepth: Int = 3,
        factor: Factor = 0.3,
        alpha: Float = 1,
        allOps: Bool = true,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        self.numChains = numChains
        self.chainDepth = chainDepth
        self.factor = factor
        self.alpha = alpha
        self.allOps = allOps
        self.interpolation = interpolation
        self.seed = seed
        self.name = name
        operations = AugmentOperations(
            factor: factor,
            interpolation: interpolation,
            valueRange: valueRange,
            includesColors: allOps
        )
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            valueRange: try container.decode(ClosedRange<Float>.self, forKey: .valueRange),
            numChains: try container.decode(Int.self, forKey: .numChains),
            chainDepth: try container.decode(Int.self, forKey: .chainDepth),
            factor: try container.decode(Factor.self, forKey: .factor),
            alpha: try container.decode(Float.self, forKey: .alpha),
            allOps: try container.decode(Bool.self, forKey: .allOps),
            interpolation: try container.decode(Interpolation.self, forKey: .interpolation),
            seed: try container.decodeIfPresent(UInt64.self, forKey: .seed),
            name: try container.decodeIfPresent(String.self, forKey: .name)
        )
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range, of kind `shape` if pictures have no colours.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireCount(numChains, as: "numChains")
        try requireCount(chainDepth, as: "chainDepth")
        guard alpha > 0, alpha.isFinite else {
            throw ConvNetError(
                .argument,
                "There is no such distribution of weights",
                at: "alpha",
                expected: "a finite number above 0",
                received: "\(alpha)"
            )
        }
        try operations.validate(for: picture, factor)
        return picture
    }

    /// Two copies of the picture, and what the transforms need.
    public func scratchCount(for picture: Shape) -> Int {
        2 * picture.elementCount + operations.scratchCount(for: picture)
    }

    /// From where the choices, the weights and the transforms' numbers come.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> RandomStream { random }

    public func apply(_ random: RandomStream, to picture: PictureContext) {
        guard picture.role == .picture else { return picture.copy() }
        let count = picture.source.count
        var random = random
        let kept = random.beta(alpha, alpha)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: numChains) { weights in
            // Shares of gamma numbers are the Dirichlet distribution's; of logarithms, for small ones may all be 0.
            for chain in 0..<numChains {
                weights.initializeElement(at: chain, to: random.logarithmOfGamma(shape: Double(alpha)))
            }
            let largest = weights.max() ?? 0
            var sum = 0.0
            for chain in 0..<numChains {
                weights[chain] = exp(weights[chain] - largest)
                sum += weights[chain]
            }
            for place in 0..<count { picture.output[place] = kept * picture.source[place] }
            for chain in 0..<numChains {
                guard let copy = changedCopy(of: picture, &random) else { return }
                let weight = (1 - kept) * Float(weights[chain] / sum)
                for place in 0..<count { picture.output[place] += weight * copy[place] }
            }
        }
        for place in 0..<count { picture.output[place] = valueRange.clamp(picture.output[place]) }
    }

    /// A copy of the picture in the scratch memory, or the picture itself, after a chain of transforms.
    private func changedCopy(
        of picture: PictureContext,
        _ random: inout RandomStream
    ) -> UnsafePointer<Float>? {
        let count = picture.source.count, transforms = operations.transforms
        guard var source = picture.source.baseAddress else { return nil }
        var target = picture.scratch, other = picture.scratch + count
        for _ in 0..<chainDepth {
            let choice = random.integer(below: transforms.count + 1)
            guard choice < transforms.count else { continue }
            transforms[choice].transform(
                picture.step(
                    from: source,
                    picture.shape,
                    to: target,
                    picture.shape,
                    scratchFrom: 2 * count,
                    random: random.branch()
                )
            )
            source = UnsafePointer(target)
            swap(&target, &other)
        }
        return source
    }
}
