/// Matrix products, look-ups and shapes, under the names of `keras.ops`.
extension Lowering {
    /// The matrix product of `[…, m, k]` and `[…, k, n]`: `[…, m, n]`.
    ///
    /// Axes before the last two are those of both: equal, or 1, or missing in front. An operand of one axis, `[k]`, is a row on the
    /// left and a column on the right; the output lacks that axis.
    public mutating func matmul(_ x: Value, _ y: Value) throws -> Value {
        guard x.shape.rank > 0, y.shape.rank > 0 else {
            throw ConvNetError(
                .shape,
                "A matrix product takes matrices",
                expected: "[..., m, k] and [..., k, n]",
                received: "\(x.shape) and \(y.shape)"
            )
        }
        // A matrix that all samples share, as a dense layer's.
        if x.type.isBatched, !y.type.isBatched, y.shape.rank == 2 {
            return try emit(Linear(hasBias: false), x, y)[0]
        }
        let lead = Swift.max(x.shape.rank, y.shape.rank, 2) - 2
        // Letters for the axes that are gone through, which no operand has whose size there is 1.
        let letters = (0..<lead).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) }
        guard lead <= 26 else {
            throw ConvNetError(
                .shape,
                "A matrix product takes at most 28 axes",
                received: "\(x.shape) and \(y.shape)"
            )
        }
        let stretched = try Shape.broadcast([x, y].map { Shape(Array($0.shape.dropLast(2))) })
        var operands: [(value: Value, letters: [Character])] = []
        for (value, own) in [(x, ["M", "K"]), (y, ["K", "N"])] as [(Value, [Character])] {
            let shape = value.shape, missing = lead - Swift.max(shape.rank - 2, 0)
            var names: [Character] = [], sizes: [Int] = []
            for axis in 0..<Swift.max(shape.rank - 2, 0) where shape[axis] != 1 {
                names.append(letters[missing + axis])
                sizes.append(shape[axis])
            }
            let matrix = shape.suffix(2)
            names += shape.rank == 1 ? ["K"] : own
            operands.append((try view(value, as: Shape(sizes + matrix)), names))
        }
        let own = [x.shape.rank > 1 ? "M" : nil, y.shape.rank > 1 ? "N" : nil].compactMap { $0 as Character? }
        let output = operands.flatMap(\.letters)
        let product = Contract(
            operands[0].letters,
            operands[1].letters,
            to: letters.filter(output.contains) + own
        )
        let result = try emit(product, operands[0].value, operands[1].value)[0]
        let kept = result.shape.suffix(own.count)
        return try view(result, as: Shape(stretched.dimensions + kept))
    }

    /// Einstein's sum of two operands: `einsum("tnh,snh->nts", q, k)` is `y[n, t, s] = sum over h of q[t, n, h] · k[s, n, h]`.
    ///
    /// There is a letter for each axis of a sample, none for the batch. A letter stands once in each place. What is in one operand
    /// only and not in the output is summed up first.
    public mutating func einsum(_ equation: String, _ x: Value, _ y: Value) throws -> Value {
        let sides = equation.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
        let names = (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false)
        guard sides.count == 2, names.count == 2, names.joined().allSatisfy(\.isLetter) else {
            throw ConvNetError(
                .argument,
                "Not a product of two operands",
                at: "equation",
                expected: "letters such as \"tnh,snh->nts\"",
                received: "\"\(equation)\""
            )
        }
        return try contract(x, Array(names[0]), y, Array(names[1]), to: Array(sides[1]))
    }

    /// A sum of products, of operands whose axes have letters. What is in one operand only and not in the output is summed up
    /// first.
    package mutating func contract(
        _ x: Value,
        _ first: [Character],
        _ y: Value,
        _ second: [Character],
        to output: [Character]
    ) throws -> Value {
        var operands: [(value: Value, letters: [Character])] = []
        for (value, own, other) in [(x, first, second), (y, second, first)] {
            let lone = own.indices.filter { !other.contains(own[$0]) && !output.contains(own[$0]) }
            guard !lone.isEmpty, own.count == value.shape.rank else {
                operands.append((value, own))
                continue
            }
            let kept = own.indices.filter { !lone.contains($0) }.map { own[$0] }
            operands.append((try sum(value, axes: lone), kept))
        }
        return try emit(
            Contract(operands[0].letters, operands[1].letters, to: output),
            operands[0].value,
            operands[1].value
        )[0]
    }

    /// Rows of a table `[rows, …]` by their indices `[…]`, float numbers of whole value; the output has the axes of the indices, then
    /// those of a row. The row of a number that is no index is NaN.
    public mutating func take(_ table: Value, _ indices: Value) throws -> Value {
        try emit(Gather(), table, indices)[0]
    }

    /// The same elements, in the same order, in another shape. Nothing is copied.
    public mutating func reshape(_ x: Value, _ shape: Shape) throws -> Value { try view(x, as: shape) }
}
