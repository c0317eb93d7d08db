extension RandomStream {
    /// An integer from `0..<bound`, each equally likely. Takes two words, rarely more.
    ///
    /// Lemire, Fast random integer generation in an interval (2019), on 64-bit numbers. Written out here, for
    /// the standard library may change its way, and with it the order of samples in a resumed run.
    ///
    /// - Precondition: `bound` is at least 1.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "no integer is below \(bound) and at least 0")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// The numbers `0..<count` in random order, every order equally likely (Fisher and Yates' shuffle).
    ///
    /// - Parameter count: How many; 0 gives an empty array.
    /// - Precondition: `count` is not negative.
    public mutating func permutation(of count: Int) -> [Int] {
        precondition(count >= 0, "no permutation has \(count) elements")
        var result = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { result.swapAt(last, integer(below: last + 1)) }
        return result
    }
}
