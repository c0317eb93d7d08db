/// An equation of Einsum with a letter for each axis: "..." stands for the axes in front that an operand has besides its letters.
struct EinsumEquation {
    /// The letters of each operand's axes, and of the output's.
    let operands: [[Character]], output: [Character]

    /// - Parameters:
    ///   - text: "bij,bjk->bik", say.
    ///   - ranks: the numbers of axes of the operands.
    /// - Returns: `nil` if the text is no equation for such operands, or has a letter twice in one of them.
    init?(_ text: String, ranks: [Int]) {
        let sides = text.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
        guard sides.count <= 2 else { return nil }
        let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
        guard terms.count == ranks.count, !terms.isEmpty else { return nil }
        let hidden = zip(terms, ranks).map { term, rank in
            term.contains("...") ? rank - (term.count - Self.dots) : 0
        }
        guard hidden.allSatisfy({ (0...Self.hiddenLimit).contains($0) }) else { return nil }
        // Letters that no equation has; the last axes of "..." are those that operands have in common.
        let most = hidden.max() ?? 0
        let names = (0..<most).compactMap { Unicode.Scalar(0xE000 + UInt32($0)).map(Character.init) }
        var operands: [[Character]] = []
        for (term, count) in zip(terms, hidden) {
            guard let letters = Self.letters(term, Array(names.suffix(count))) else { return nil }
            operands.append(letters)
        }
        guard zip(operands, ranks).allSatisfy({ $0.count == $1 && Set($0).count == $1 }) else { return nil }
        self.operands = operands
        if sides.count == 2 {
            guard let output = Self.letters(sides[1], names), Set(output).count == output.count,
                output.allSatisfy({ letter in operands.contains { $0.contains(letter) } })
            else { return nil }
            self.output = output
        } else {
            let all = operands.joined().filter { !names.contains($0) }
            output = names + Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
        }
    }

    private static let dots = 3
    /// More axes than a tensor has.
    private static let hiddenLimit = 64

    /// The letters of a term, with those of the axes that "..." stands for; `nil` if it has other signs.
    private static func letters(_ term: Substring, _ hidden: [Character]) -> [Character]? {
        let parts = term.split(separator: "...", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.joined().allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        return parts.count == 1 ? Array(term) : Array(parts[0]) + hidden + Array(parts[1])
    }
}
