/// The axes of a sample's input and output and of the kernel, from an equation that names the batch, too.
struct EinsumLetters {
    /// A letter for each axis of a sample, in the input and in the output.
    let input: [Character], output: [Character]
    let kernel: [Character]
    /// Those of the output that the equation names.
    let namedOutput: [Character]

    /// - Parameter rank: the axes of a sample of the input.
    /// - Throws: `ConvNetError` of kind `argument` if it is no such equation, of kind `shape` if the input has another number of axes.
    init(_ equation: String, rank: Int) throws {
        func misuse(_ expected: String) -> ConvNetError {
            ConvNetError(
                .argument,
                "Not an equation of a dense layer",
                at: "equation",
                expected: expected,
                received: "\"\(equation)\""
            )
        }
        let sides = equation.filter { $0 != " " }.components(around: "->")
        let operands = (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map(
            String.init
        )
        guard sides.count == 2, operands.count == 2 else {
            throw misuse("such as \"abc,cd->abd\" or \"...x,xy->...y\"")
        }
        var (named, made) = (operands[0], sides[1])
        let begins = named.hasPrefix("..."), ends = !begins && named.hasSuffix("...")
        if begins || ends {
            guard begins ? made.hasPrefix("...") : made.hasSuffix("...") else {
                throw misuse("\"...\" at the same end of input and output")
            }
            named = String(begins ? named.dropFirst(3) : named.dropLast(3))
            made = String(begins ? made.dropFirst(3) : made.dropLast(3))
        }
        guard (named + operands[1] + made).allSatisfy(\.isLetter),
            [named, operands[1], made].allSatisfy({ Set($0).count == $0.count })
        else { throw misuse("letters, once in each place") }
        // The axes that "..." stands for, the batch among those in front.
        let hidden = rank + 1 - named.count
        guard begins || ends ? hidden >= (begins ? 1 : 0) : hidden == 0 else {
            throw ConvNetError(
                .shape,
                "The input does not fit the equation",
                at: "equation",
                expected:
                    "\(max(named.count - 1, 0)) axes\(begins || ends ? " or more" : ""), and the batch, for \"\(equation)\"",
                received: "\(rank)"
            )
        }
        // Letters that no one writes: digits.
        let others = (0..<max(hidden, 0)).compactMap {
            Unicode.Scalar(0x2460 + UInt32($0)).map(Character.init)
        }
        let all = begins ? others + named : Array(named) + others
        let result = begins ? others + made : Array(made) + others
        let kernel = Array(operands[1])
        guard let batch = all.first, result.first == batch, !kernel.contains(batch) else {
            throw misuse("the batch first in input and output, and not in the kernel")
        }
        guard kernel.allSatisfy({ all.contains($0) || result.contains($0) }),
            result.allSatisfy({ all.contains($0) || kernel.contains($0) })
        else { throw misuse("each letter of kernel and output in another place, too") }
        self.kernel = kernel
        input = Array(all.dropFirst())
        output = Array(result.dropFirst())
        namedOutput = begins ? Array(made) : Array(made.dropFirst())
    }
}

extension String {
    /// What is before and behind each place of a separator.
    fileprivate func components(around separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
