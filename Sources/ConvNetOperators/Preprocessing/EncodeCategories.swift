/// Categories, numbers in `0..<depth`, as arrays of `depth` elements. It has no gradient.
package struct EncodeCategories: Operator {
    package enum Mode: Sendable {
        /// Each element an array of its own, with a 1 at its category: `[…]` becomes `[…, depth]`.
        case oneHot
        /// One array for all elements along the last axis, with a 1 at each category that occurs: `[…, n]` becomes
        /// `[…, depth]`.
        case multiHot
        /// As `multiHot`, with the number of elements of each category.
        case count
    }

    package let depth: Int
    package let mode: Mode

    package init(depth: Int, _ mode: Mode) {
        self.depth = depth
        self.mode = mode
    }

    package var differentiableInputs: Set<Int>? { [] }

    package func outputs(for inputs: [ValueType]) -> [ValueType] {
        let shape = inputs[0].shape.dimensions
        return [ValueType(Shape((mode == .oneHot ? shape : shape.dropLast()) + [depth]))]
    }

    package func kernel(at site: Site) -> any Kernel {
        let rows = site.outputs[0].shape.elementCount / depth
        return EncodeCategoriesKernel(
            depth: depth,
            adds: mode == .count,
            rows: rows,
            rowCount: site.inputs[0].shape.elementCount / rows
        )
    }
}

/// Runs the encoding of categories.
private struct EncodeCategoriesKernel: Kernel {
    let depth: Int
    /// Whether elements of one category are counted.
    let adds: Bool
    /// Arrays of a sample, and elements that each stands for.
    let rows: Int, rowCount: Int

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let input = context.input(), output = context.output
                let count = context.count * rows
                output.update(repeating: 0, count: count * depth)
                for row in 0..<count {
                    for element in 0..<rowCount {
                        // As a conversion to integers does; what is no category leaves zeros.
                        let category = input[row * rowCount + element].rounded(.towardZero)
                        guard category >= 0, category < Float(depth) else { continue }
                        let place = row * depth + Int(category)
                        output[place] = adds ? output[place] + 1 : 1
                    }
                }
            }
        ]
    }

    func backward() -> [Stage] { [] }
}
