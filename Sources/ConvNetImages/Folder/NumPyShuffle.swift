/// The order in which NumPy puts things by `numpy.random.RandomState(seed).shuffle`, which is what Keras shuffles files with.
///
/// A generator MT19937 (Matsumoto and Nishimura, 1998), seeded by one number, and Fisher and Yates' shuffle from the end, whose
/// indices are drawn by masks and rejection. Source: NumPy 2, `numpy/random/mtrand.pyx` (`shuffle`), `src/mt19937/mt19937.c`
/// (`mt19937_seed`), `src/distributions/distributions.c` (`random_interval`).
package struct NumPyShuffle {
    private static let size = 624, middle = 397
    private var state: [UInt32]
    private var position: Int

    init(seed: UInt32) {
        var word = seed
        state = (0..<Self.size).map { place in
            defer { word = 1_812_433_253 &* (word ^ word >> 30) &+ UInt32(place) &+ 1 }
            return word
        }
        position = Self.size
    }

    /// The numbers `0..<count` in the order into which a list of as many elements is shuffled.
    package static func order(of count: Int, seed: UInt32) -> [Int] {
        var generator = NumPyShuffle(seed: seed)
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, generator.integer(upTo: last))
        }
        return order
    }

    /// A number in `0...limit`, which is less than 2^32.
    private mutating func integer(upTo limit: Int) -> Int {
        let limit = UInt32(truncatingIfNeeded: limit)
        let mask = limit == 0 ? 0 : UInt32.max >> UInt32(limit.leadingZeroBitCount)
        while true {
            let value = next() & mask
            if value <= limit { return Int(value) }
        }
    }

    /// The next 32 random bits.
    mutating func next() -> UInt32 {
        if position == Self.size { twist() }
        var word = state[position]
        position += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C_5680
        word ^= word << 15 & 0xEFC6_0000
        return word ^ word >> 18
    }

    private mutating func twist() {
        for place in 0..<Self.size {
            let next = state[(place + 1) % Self.size]
            let word = state[place] & 0x8000_0000 | next & 0x7FFF_FFFF
            state[place] =
                state[(place + Self.middle) % Self.size] ^ word >> 1 ^ (next & 1 == 1 ? 0x9908_B0DF : 0)
        }
        position = 0
    }
}
