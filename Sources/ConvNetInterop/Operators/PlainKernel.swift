/// Runs the closures of a `PlainOperator`.
struct PlainKernel: Kernel {
    /// Elements from one sample to the next; 0 for what all samples share.
    let inputSteps: [Int], outputSteps: [Int]
    let needsGradient: [Bool]
    /// How many numbers the closures keep.
    let numbers: Int
    let back: PlainOperator.Backward?
    let body: @Sendable (PlainOperator.Memory) -> Void

    /// The addresses of operands, outputs and gradients, and then the closures' numbers.
    var scratch: Int {
        (2 * inputSteps.count + outputSteps.count) * MemoryLayout<UnsafeRawPointer>.stride
            + numbers * MemoryLayout<Float>.stride
    }

    var backwardReads: BackwardReads { back?.reads ?? [] }
    var changesOutputGradient: Bool { false }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let addresses = addresses(in: context.scratch)
                for sample in 0..<context.count {
                    for (index, step) in inputSteps.enumerated() {
                        addresses.inputs[index] = context.input(index) + sample * step
                    }
                    for (index, step) in outputSteps.enumerated() {
                        addresses.outputs[index] = context.output(index) + sample * step
                    }
                    body(
                        PlainOperator.Memory(
                            inputs: addresses.inputs,
                            outputs: addresses.outputs,
                            scratch: addresses.numbers
                        )
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] {
        guard let back else { return [] }
        return [
            Stage(.samples) { context in
                let addresses = addresses(in: context.scratch)
                // Those of whole operands are clear, or hold what other samples have added.
                for (index, step) in inputSteps.enumerated() where needsGradient[index] && step > 0 {
                    context.inputGradient(index).update(repeating: 0, count: context.count * step)
                }
                for sample in 0..<context.count {
                    for (index, step) in inputSteps.enumerated() {
                        if back.reads.contains(.inputs) {
                            addresses.inputs[index] = context.input(index) + sample * step
                        }
                        addresses.gradients[index] =
                            needsGradient[index] ? context.inputGradient(index) + sample * step : nil
                    }
                    if back.reads.contains(.output) {
                        for (index, step) in outputSteps.enumerated() {
                            addresses.outputs[index] = context.output(index) + sample * step
                        }
                    }
                    back.add(
                        PlainOperator.Gradients(
                            inputs: addresses.inputs,
                            outputs: addresses.outputs,
                            output: context.outputGradient + sample * outputSteps[0],
                            operands: addresses.gradients,
                            scratch: addresses.numbers
                        )
                    )
                }
            }
        ]
    }

    private struct Addresses {
        let inputs: UnsafeMutablePointer<UnsafePointer<Float>>
        let outputs: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
        let gradients: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
        let numbers: UnsafeMutablePointer<Float>
    }

    /// The parts of the scratch memory.
    private func addresses(in scratch: UnsafeMutableRawPointer) -> Addresses {
        let inputs = scratch.bindMemory(to: UnsafePointer<Float>.self, capacity: inputSteps.count)
        let outputs = UnsafeMutableRawPointer(inputs + inputSteps.count).bindMemory(
            to: UnsafeMutablePointer<Float>.self,
            capacity: outputSteps.count
        )
        let gradients = UnsafeMutableRawPointer(outputs + outputSteps.count).bindMemory(
            to: UnsafeMutablePointer<Float>?.self,
            capacity: inputSteps.count
        )
        let rest = UnsafeMutableRawPointer(gradients + inputSteps.count)
        return Addresses(
            inputs: inputs,
            outputs: outputs,
            gradients: gradients,
            numbers: rest.bindMemory(to: Float.self, capacity: numbers)
        )
    }
}
