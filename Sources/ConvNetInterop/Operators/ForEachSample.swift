/// What all samples share, for each sample: an output of a model that depends on no sample, say.
///
/// Operands: the value, and any batched one.
struct ForEachSample: Operator {
    func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    var differentiableInputs: Set<Int>? { [] }

    func kernel(at site: Site) -> any Kernel { ForEachKernel(count: site.inputs[0].shape.elementCount) }
}

/// Runs a `ForEachSample`.
private struct ForEachKernel: Kernel {
    let count: Int

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    (context.output + sample * count).update(from: context.input(0), count: count)
                }
            }
        ]
    }

    func backward() -> [Stage] { [] }
}
