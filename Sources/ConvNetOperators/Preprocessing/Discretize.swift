/// For each element the number of boundaries that are not larger: the index of its bin. It has no gradient.
package struct Discretize: Operator {
    /// Ascending.
    package let boundaries: [Float]

    package init(boundaries: [Float]) { self.boundaries = boundaries }

    package var differentiableInputs: Set<Int>? { [] }
    package func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    package func kernel(at site: Site) -> any Kernel {
        DiscretizeKernel(boundaries: boundaries, count: site.outputs[0].shape.elementCount)
    }
}

/// Runs the search for bins.
private struct DiscretizeKernel: Kernel {
    let boundaries: [Float]
    /// Elements of a sample.
    let count: Int

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let input = context.input(), output = context.output
                for place in 0..<(context.count * count) { output[place] = Float(bin(of: input[place])) }
            }
        ]
    }

    func backward() -> [Stage] { [] }

    /// By halves; NaN, which is smaller than no boundary, is in the last bin.
    private func bin(of value: Float) -> Int {
        var low = 0, high = boundaries.count
        while low < high {
            let middle = (low + high) / 2
            if value < boundaries[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
