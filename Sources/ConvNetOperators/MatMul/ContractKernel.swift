/// Runs a sum of products, and its gradients, which are such sums, too: that of an operand is the output's gradient times the
/// other operand. The samples are one more axis of what each sample has its own of.
struct ContractKernel: Kernel {
    private let forwardProduct: StridedProduct
    /// For each operand that needs one, its gradient.
    private let gradients: [StridedProduct?]
    private let gemm: GEMMPath

    init(_ contract: Contract, at site: Site) throws {
        let sizes = try contract.sizes(site.inputs.map(\.shape))
        /// The axes of a tensor, and the elements from one place to the next along each.
        func strides(_ letters: [Character], _ type: ValueType) -> [Character: Int] {
            var strides: [Character: Int] = [:]
            var step = 1
            for letter in letters.reversed() {
                strides[letter] = step
                step *= sizes[letter] ?? 1
            }
            if type.isBatched { strides[Self.samples] = step }
            return strides
        }
        let first = strides(contract.first, site.inputs[0])
        let second = strides(contract.second, site.inputs[1])
        let output = strides(contract.output, site.outputs[0])
        // In the order of the output, outermost first, then what is summed over.
        let letters =
            [Self.samples] + contract.output + contract.first.filter { !contract.output.contains($0) }
        func product(
            _ a: [Character: Int],
            _ b: [Character: Int],
            _ c: [Character: Int]
        ) -> StridedProduct {
            StridedProduct(
                letters.map { letter in
                    StridedProduct.Axis(
                        size: letter == Self.samples ? site.batch : sizes[letter] ?? 1,
                        a: a[letter],
                        b: b[letter],
                        c: c[letter]
                    )
                },
                scale: contract.scale
            )
        }
        forwardProduct = product(first, second, output)
        gradients = [
            site.needsGradient[0] ? product(output, second, first) : nil,
            site.needsGradient[1] ? product(output, first, second) : nil,
        ]
        gemm = site.options.gemmPath
    }

    /// The letter of the samples' axis, which no equation has.
    private static let samples: Character = "*"

    var implementation: String { "\(gemm)" }
    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        let product = forwardProduct
        return [
            Stage(.tasks(product.taskCount)) { context in
                product.run(
                    task: context.task,
                    a: context.input(0),
                    b: context.input(1),
                    c: context.output,
                    by: gemm
                )
            }
        ]
    }

    func backward() -> [Stage] {
        let counts = gradients.map { $0?.taskCount ?? 0 }
        return [
            Stage(.tasks(counts[0] + counts[1])) { context in
                let operand = context.task < counts[0] ? 0 : 1
                gradients[operand]?.run(
                    task: operand == 0 ? context.task : context.task - counts[0],
                    a: context.outputGradient,
                    b: context.input(1 - operand),
                    c: context.inputGradient(operand),
                    by: gemm
                )
            }
        ]
    }
}
