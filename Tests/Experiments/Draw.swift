import SwiftConvNet

/// Random choices, the same for the same seed on every machine.
struct Draw {
    private var random: RandomStream

    /// The choices of a seed; each topic has its own.
    init(seed: UInt64, topic: UInt32) { random = RandomStream(seed: seed, purpose: .user, topic) }

    /// An integer in `0..<bound`.
    mutating func below(_ bound: Int) -> Int { random.integer(below: bound) }

    /// An integer in `range`.
    mutating func integer(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// Whether the first of `count` equally likely cases came up.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    /// One of several choices. A choice that is listed twice is twice as likely.
    mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// A number in [-1, 1).
    mutating func uniform() -> Float { random.uniform(in: -1..<1) }

    /// A tensor of numbers in [-1, 1).
    mutating func tensor(_ shape: Shape) throws -> Tensor {
        try Tensor(shape: shape) { values in
            for index in values.indices { values[index] = uniform() }
        }
    }
}
