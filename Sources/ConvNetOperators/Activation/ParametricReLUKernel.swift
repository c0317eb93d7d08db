import CKernels

/// Runs a rectifier whose slopes learn. Slopes that do not repeat as a whole are spread over a sample first.
struct ParametricReLUKernel: Kernel {
    private let slopes: Repetition
    private let needsGradient: [Bool]

    init(at site: Site) {
        slopes = Repetition(of: site.inputs[1].shape, in: site.inputs[0].shape)
        needsGradient = site.needsGradient
    }

    var backwardReads: BackwardReads { .inputs }

    /// The slopes of a sample, and their gradient.
    var scratch: Int { slopes.places == nil ? 0 : 2 * slopes.sampleCount * MemoryLayout<Float>.stride }

    /// Rows of as many elements as there are slopes.
    private func rows(_ context: StageContext) -> Int {
        slopes.places == nil ? context.count * (slopes.sampleCount / slopes.count) : context.count
    }
    private var channels: Int { slopes.places == nil ? slopes.count : slopes.sampleCount }

    private func spread(_ context: StageContext) -> UnsafePointer<Float> {
        guard let places = slopes.places else { return context.input(1) }
        let spread = context.scratch.assumingMemoryBound(to: Float.self)
        ck_gather(context.input(1), places, slopes.sampleCount, spread)
        return UnsafePointer(spread)
    }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                ck_prelu(context.input(), spread(context), context.output, rows(context), channels)
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let alpha = spread(context)
                var sums = needsGradient[1] ? context.inputGradient(1) : nil
                if sums != nil, slopes.places != nil {
                    sums = context.scratch.assumingMemoryBound(to: Float.self) + slopes.sampleCount
                    sums?.update(repeating: 0, count: slopes.sampleCount)
                }
                ck_prelu_backward(
                    context.input(),
                    alpha,
                    context.outputGradient,
                    rows(context),
                    channels,
                    needsGradient[0] ? context.inputGradient() : nil,
                    sums
                )
                if let sums, let places = slopes.places {
                    ck_scatter_add(sums, places, slopes.sampleCount, context.inputGradient(1))
                }
            }
        ]
    }
}
