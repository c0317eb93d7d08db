/// What a sample may depend on besides its number: the epoch that it is read for, and whether it is for training.
///
/// A sample that is a function of its number and of this has the same bits at any number of threads, read ahead or not, in a run
/// that was interrupted, and in a replay.
public struct Reading: Sendable, Hashable {
    /// The seed of the model.
    public let seed: UInt64
    /// The epoch; the first is 1. 0 outside of training.
    public let epoch: Int
    /// Whether samples are read for training, in which alone they are changed at random.
    public let isTraining: Bool
    /// How many wrappers that draw random numbers lie outside.
    private let depth: UInt32

    /// A reading of samples.
    ///
    /// - Parameters:
    ///   - seed: the seed of the model, or another.
    ///   - epoch: the epoch, the first of which is 1.
    ///   - isTraining: whether samples are read for training.
    public init(seed: UInt64, epoch: Int, isTraining: Bool) {
        self.init(seed, epoch, isTraining, depth: 0)
    }

    private init(_ seed: UInt64, _ epoch: Int, _ isTraining: Bool, depth: UInt32) {
        self.seed = seed
        self.epoch = epoch
        self.isTraining = isTraining
        self.depth = depth
    }

    /// Samples as they are, outside of training.
    public static let plain = Reading(seed: 0, epoch: 0, isTraining: false)

    /// The reading for the dataset within a wrapper that draws random numbers: the numbers of both are apart.
    public var inner: Reading { Reading(seed, epoch, isTraining, depth: depth &+ 1) }

    /// The same with a seed in place of the model's, if there is one.
    package func seeded(_ seed: UInt64?) -> Reading {
        Reading(seed ?? self.seed, epoch, isTraining, depth: depth)
    }

    /// Random numbers for a sample, which depend on nothing but seed, epoch, sample and transform.
    ///
    /// - Parameters:
    ///   - index: the sample, as its dataset counts it.
    ///   - transform: which of the changes that a wrapper makes of a sample, in `0..<4096`.
    public func random(_ index: Int, transform: Int = 0) -> RandomStream {
        // 11 bits for the wrappers outside, 12 for the transform. The highest of the 24 is for layers (`ImageTransform`).
        let third = (depth & 0x7FF) << 12 | UInt32(truncatingIfNeeded: transform) & 0xFFF
        return RandomStream(
            seed: seed,
            purpose: .augmentation,
            UInt32(truncatingIfNeeded: epoch),
            UInt32(truncatingIfNeeded: index),
            third
        )
    }
}
