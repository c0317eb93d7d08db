/// A sequence of random numbers that depends on what it is for, and on nothing else: not on who asked before,
/// not on the number of workers, not on the machine.
///
/// ```swift
/// var random = RandomStream(seed: 42, purpose: .shuffle, UInt32(epoch))
/// let order = random.permutation(of: 60_000)
/// ```
///
/// The numbers are blocks of four 32-bit words of Philox4x32-10 (Salmon and others, 2011). This layout stands in
/// checkpoints and never changes:
///
/// | word | content |
/// |---|---|
/// | key 0 | the low 32 bits of the seed |
/// | key 1 | the high 32 bits of the seed |
/// | counter 0 | the number of the block in the stream: 0, 1, 2, … |
/// | counter 1 | the first index |
/// | counter 2 | the second index |
/// | counter 3 | the purpose in the high 8 bits, the third index in the low 24 |
///
/// The words of a stream are those of block 0, first to last, then those of block 1, and so on. It repeats after
/// 2³⁴ words. The functions of `CKernels` that take `c1`, `c2`, `c3` and a key (`ck_philox_fill`, `ck_dropout`)
/// produce the words of the same stream when given `counterWords(_:_:_:_:)` and `key(_:)`.
///
/// Functions that reject (`truncatedNormal`, `integer(below:)`) take a varying number of words, all others a fixed one.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
    private let key: SIMD2<UInt32>
    /// The counter of the next block.
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    /// The next word of the block; 4 if a new block is due.
    private var position = 4

    /// A stream at its beginning.
    ///
    /// - Parameters:
    ///   - seed: The seed of the model or of the run; every value is as good as any other.
    ///   - purpose: What the numbers are for.
    ///   - first: Which of the streams of that purpose: an epoch, a step, a parameter's place. Default 0.
    ///   - second: Likewise: a sample, say. Default 0.
    ///   - third: Likewise, of 24 bits: a layer, say. Default 0.
    /// - Precondition: `third` is less than 2²⁴.
    public init(
        seed: UInt64,
        purpose: RandomPurpose,
        _ first: UInt32 = 0,
        _ second: UInt32 = 0,
        _ third: UInt32 = 0
    ) {
        let (c1, c2, c3) = Self.counterWords(purpose, first, second, third)
        let (low, high) = Self.key(seed)
        key = [low, high]
        counter = [0, c1, c2, c3]
    }

    /// The two words of Philox' key for a seed: its low and its high half.
    package static func key(_ seed: UInt64) -> (UInt32, UInt32) {
        (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    /// The words 1, 2 and 3 of the counter for a purpose and its indices; see `init` for their meaning.
    ///
    /// - Precondition: `third` is less than 2²⁴.
    package static func counterWords(
        _ purpose: RandomPurpose,
        _ first: UInt32 = 0,
        _ second: UInt32 = 0,
        _ third: UInt32 = 0
    ) -> (UInt32, UInt32, UInt32) {
        precondition(third < 1 << 24, "the third index of a random stream has 24 bits, \(third) has more")
        return (first, second, UInt32(purpose.rawValue) << 24 | third)
    }

    /// The next 32 random bits.
    public mutating func nextWord() -> UInt32 {
        if position == 4 {
            block = Philox.block(counter: counter, key: key)
            counter.x &+= 1
            position = 0
        }
        defer { position += 1 }
        return block[position]
    }

    /// The next 64 random bits: two words, the low half first.
    public mutating func next() -> UInt64 {
        let low = nextWord()
        return UInt64(nextWord()) << 32 | UInt64(low)
    }
}
