/// Makes broken files of whole ones.
struct Mutator {
    /// Larger inputs find nothing that smaller ones do not.
    static let largestInput = 1 << 16

    let target: any FuzzTarget
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]

    init(_ target: any FuzzTarget) {
        self.target = target
        seeds = target.seeds
        words = target.words.map { Array($0.utf8) }
    }

    /// The input of a number: always the same.
    func input(_ number: UInt64) -> [UInt8] {
        var random = Randomness(seed: number)
        var input = random.one(of: seeds)
        // Every seed as it is comes up too.
        if random.isOne(in: 64) { return input }
        change(&input, &random)
        return input
    }

    /// Changes an input in one place or some, and repairs it, mostly.
    func change(_ input: inout [UInt8], _ random: inout Randomness) {
        repeat { changeOnce(&input, &random) } while !random.isOne(in: 3)
        if input.count > Self.largestInput { input.removeLast(input.count - Self.largestInput) }
        if !random.isOne(in: 4) { target.repair(&input, &random) }
    }

    private func changeOnce(_ input: inout [UInt8], _ random: inout Randomness) {
        guard !input.isEmpty else {
            input = random.one(of: seeds)
            return
        }
        // Headers are at the beginning, and decide the most.
        let reach = random.isOne(in: 2) ? min(input.count, 64) : input.count
        let place = random.below(reach)
        let length = random.isOne(in: 4) ? random.below(input.count) : random.below(16)
        let range = place..<min(place + length, input.count)
        switch random.below(12) {
        case 0: input[place] ^= 1 << random.below(8)
        case 1: input[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: input.removeLast(input.count - place)
        case 3: input.removeSubrange(range)
        case 4: input.insert(contentsOf: (0..<range.count).map { _ in UInt8(random.below(256)) }, at: place)
        case 5: input.insert(contentsOf: Array(input[range]), at: random.below(input.count + 1))
        case 6:
            let other = random.one(of: seeds)
            input.replaceSubrange(
                place...,
                with: other.dropFirst(random.isOne(in: 2) ? place : random.below(other.count))
            )
        case 7, 8: setInteger(&input, at: place, &random)
        case 9, 10: setDecimal(&input, near: place, &random)
        default:
            guard !words.isEmpty else { return }
            let word = random.one(of: words)
            input.replaceSubrange(random.isOne(in: 2) ? place..<place : range, with: word)
        }
    }

    /// Sets a binary integer to a value at the edge of something, or moves it by a little.
    private func setInteger(_ input: inout [UInt8], at place: Int, _ random: inout Randomness) {
        let size = min(1 << random.below(4), input.count - place)
        let isBigEndian = random.isOne(in: 2)
        let places = isBigEndian ? Array((place..<(place + size)).reversed()) : Array(place..<(place + size))
        let old = places.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(input[$1]) }
        let edges: [UInt64] = [
            0, 1, .max, .max >> 1, 1 << 63, 1 << 31, 1 << 31 - 1, 1 << 32 - 1, 1 << 16, 0x7f, 0x80, 0xff,
            UInt64(input.count), old &+ 1, old &- 1, old &* 2, old &+ UInt64(random.below(32)), 1 << 62,
        ]
        var value = random.one(of: edges)
        for place in places {
            input[place] = UInt8(truncatingIfNeeded: value)
            value >>= 8
        }
    }

    private static let numbers = [
        "0", "1", "-1", "2", "3", "7", "8", "16", "255", "256", "65535", "65536", "2147483647", "2147483648",
        "4294967295", "4294967296", "4611686018427387904", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1e308", "1e999", "-1e-320", "0.5", "-0", "1.5",
        "007",
    ].map { Array($0.utf8) }

    /// Sets a number in text, or all that are equal to it, to a value at the edge of something.
    private func setDecimal(_ input: inout [UInt8], near place: Int, _ random: inout Randomness) {
        func isDigit(_ place: Int) -> Bool { (48...57).contains(input[place]) }
        guard let inside = (place..<input.count).first(where: isDigit) else { return }
        var start = inside
        while start > 0, isDigit(start - 1) { start -= 1 }
        var end = inside
        while end < input.count, isDigit(end) { end += 1 }
        let old = Array(input[start..<end])
        let new = random.one(of: Self.numbers)
        if random.isOne(in: 3) {
            input = input.split(separator: old, omittingEmptySubsequences: false).joined(separator: new).map(
                \.self
            )
        } else {
            input.replaceSubrange(start..<end, with: new)
        }
    }
}
