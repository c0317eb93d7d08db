import CKernels

/// Gradients that several values have in one buffer, and gradients that are sums of several buffers.
extension Schedule {
    /// Whether the gradient of an operand can be in the buffer of that of the output: both have a value for each sample, also where
    /// they are stored.
    func canShareGradient(_ output: Int, with input: Int) -> Bool {
        guard case .buffer? = homes[roots[input]], graph.types[roots[input]].isBatched else { return false }
        return graph.types[output].isBatched && graph.types[input] == graph.types[output]
    }

    /// Has the gradient of an operand in the buffer of that of the output, which the operator that passes it on has released.
    mutating func pass(_ buffer: Int, to input: Int) -> Operand {
        contributions[roots[input]].append(.buffer(buffer))
        gradientReaders[buffer, default: 0] += 1
        return gradientOperand(buffer, of: input)
    }

    /// Says that one reader of a gradient is done with it.
    mutating func release(_ buffer: Int) { gradientReaders[buffer, default: 1] -= 1 }

    /// The gradient where only its next reader finds it.
    mutating func ownCopy(ofGradient buffer: Int, of value: Int) -> Int {
        guard isShared(buffer) else { return buffer }
        let copy = add(plannedBuffer(of: graph.types[value]))
        addUp([buffer], into: copy, of: value)
        return copy
    }

    /// Adds up what the readers of a value have made of its gradient.
    ///
    /// - Returns: the buffer of the sum; `nil` if there was no reader.
    mutating func sumGradients(of root: Int) -> Int? {
        let parts = contributions[root]
        let stored = parts.compactMap { if case .buffer(let buffer) = $0 { buffer } else { nil } }
        guard !parts.isEmpty else { return nil }
        guard parts.count > 1 || stored.isEmpty else { return stored[0] }
        let sum: Int
        if graph.types[root].isBatched, stored.count == parts.count {
            // One of the first two, for the order in which parts are added decides the bits.
            let place = stored.prefix(2).firstIndex { !isShared($0) }
            sum = place.map { stored[$0] } ?? add(plannedBuffer(of: graph.types[root]))
            addUp(
                stored.enumerated().filter { $0.offset != place }.map(\.element),
                into: sum,
                of: root,
                adds: place != nil
            )
        } else {
            sum = add(plannedBuffer(of: graph.types[root]))
            reduce([(root, Operand(home: .buffer(sum), stride: 0))])
            stored.forEach { release($0) }
        }
        complete(gradientOf: root, in: gradientOperand(sum, of: root))
        contributions[root] = [.buffer(sum)]
        return sum
    }

    private func isShared(_ buffer: Int) -> Bool { gradientReaders[buffer, default: 1] > 1 }

    /// Adds gradients up, and releases them.
    ///
    /// - Parameter adds: whether the sum begins with what `sum` holds.
    private mutating func addUp(_ parts: [Int], into sum: Int, of value: Int, adds: Bool = false) {
        let kernel = GradientSum(count: graph.types[value].shape.elementCount, parts: parts.count, adds: adds)
        let operands = parts.map { gradientOperand($0, of: value) }, target = gradientOperand(sum, of: value)
        views.append(View(inputs: operands, outputGradients: [target]))
        append(kernel.stage, .gradientSum, view: views.count - 1, touching: operands + [target])
        parts.forEach { release($0) }
    }
}

/// Adds up what several readers of a value have stored as its gradient.
private struct GradientSum {
    /// Elements of one sample.
    let count: Int
    let parts: Int
    /// Whether the sum begins with what its place holds, else it begins at zero.
    let adds: Bool

    /// The inputs are the gradients to be added, the output gradient is where their sum goes.
    var stage: Stage {
        Stage(.samples) { context in
            let sum = context.outputGradient, count = context.count * count
            var added = 0
            if !adds {
                added = min(parts, 2)
                if parts == 1 {
                    sum.update(from: context.input(0), count: count)
                } else {
                    ck_add_to(context.input(0), context.input(1), sum, count)
                }
            }
            for part in added..<parts { ck_add(context.input(part), sum, count) }
        }
    }
}
