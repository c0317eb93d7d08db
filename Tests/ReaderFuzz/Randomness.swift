/// Numbers that a seed determines: SplitMix64 (Steele, Lea, Flood 2014), so that an input can be made again.
struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number in `0..<count`; 0 if there is none.
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }

    /// Whether something happens that happens once in `count` times.
    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    /// One of a few.
    mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[below(choices.count)] }
}
