/// Sums of products of two operands over the axes that the output does not have: matrix products of any rank, batched, with
/// transposes, without a copy of an operand.
///
/// Axes have letters, as in Einstein's summation convention: `Contract("tnh", "snh", to: "nts")` is
/// `y[n, t, s] = scale · sum over h of a[t, n, h] · b[s, n, h]`. Axes of one letter have one size.
package struct Contract: Operator {
    package let first: [Character], second: [Character], output: [Character]
    package let scale: Float

    package init(_ first: [Character], _ second: [Character], to output: [Character], scale: Float = 1) {
        self.first = first
        self.second = second
        self.output = output
        self.scale = scale
    }

    package init(_ first: String, _ second: String, to output: String, scale: Float = 1) {
        self.init(Array(first), Array(second), to: Array(output), scale: scale)
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let sizes = try sizes(inputs.map(\.shape))
        return [ValueType(Shape(output.compactMap { sizes[$0] }))]
    }

    package func kernel(at site: Site) throws -> any Kernel { try ContractKernel(self, at: site) }

    /// The size of each axis by its letter.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if an operand has a letter twice, or a letter is in one place only; of kind
    ///   `shape` if the shapes do not fit the letters.
    func sizes(_ shapes: [Shape]) throws -> [Character: Int] {
        let equation = "\(String(first)),\(String(second))->\(String(output))"
        var counts: [Character: Int] = [:]
        for letters in [first, second, output] {
            guard Set(letters).count == letters.count else { throw misuse(equation) }
            for letter in letters { counts[letter, default: 0] += 1 }
        }
        guard counts.values.allSatisfy({ $0 > 1 }) else { throw misuse(equation) }
        var sizes: [Character: Int] = [:]
        for (letters, shape) in zip([first, second], shapes) {
            guard letters.count == shape.rank else { throw misfit(equation, shapes) }
            for (letter, size) in zip(letters, shape) {
                guard sizes[letter] == nil || sizes[letter] == size else { throw misfit(equation, shapes) }
                sizes[letter] = size
            }
        }
        return sizes
    }

    private func misfit(_ equation: String, _ shapes: [Shape]) -> ConvNetError {
        ConvNetError(
            .shape,
            "The operands of a product do not fit",
            expected: "an axis for each letter of \(equation), and one size for each letter",
            received: "\(shapes[0]) and \(shapes[1])"
        )
    }

    private func misuse(_ equation: String) -> ConvNetError {
        ConvNetError(
            .argument,
            "The letters of a product do not fit",
            expected: "letters once in each place, and each in two of the three places",
            received: equation
        )
    }
}
