import CKernels

extension Implementation<ConvolutionProblem> {
    /// For one group; for one plane, in a group for each channel as well.
    ///
    /// It is preferred where the weights are packed once for all batches, or stay near as they are. Not so where someone
    /// chooses a path for matrix products, who wants to see that at work.
    static var direct: Self {
        Self(
            "direct",
            suits: { problem in
                let geometry = problem.geometry
                if let reason = problem.splitGradients { return .unsuitable(reason) }
                guard geometry.groups == 1 || geometry.isDepthwise else {
                    return .unsuitable("\(geometry.groups) groups are neither one nor one for each channel")
                }
                guard geometry.groups == 1 || geometry.isPlane else {
                    return .unsuitable("the image has a depth, and a group for each channel")
                }
                let isNear = geometry.isFasterDirect
                guard problem.packs || (isNear && problem.site.options.gemmPath == .openBLAS) else {
                    return .cost(.infinity)
                }
                return .cost(
                    problem.products * ConvolutionProblem.directly
                        * (isNear ? 1 : ConvolutionProblem.readingWeights(for: problem.pixels))
                )
            },
            make: { problem in
                if problem.geometry.isDepthwise { return DepthwiseConvolution(problem) }
                return DirectConvolution(problem)
            }
        )
    }
}

extension WindowGeometry {
    /// Whether a direct kernel is quicker than im2col and OpenBLAS: for depthwise layers, and for one group with at most
    /// 73,728 weights. Measured in `docs/design/convolution.md`, "When".
    fileprivate var isFasterDirect: Bool { isDepthwise || (groups == 1 && patchCount * filters <= 73_728) }
}

/// Convolution straight from the image, in one group: blocks of output pixels times filters stay in registers, and no
/// matrix of windows is made. An image whose windows leave it is first copied into one with a border of zeros.
///
/// The gradient of the weights is made the same way. The gradient of the input, which first layers do not need, is a
/// matrix product whose result is added back window by window, as in `Im2colConvolution`.
struct DirectConvolution: EpilogueKernel {
    let geometry: WindowGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients
    let gemm: GEMMPath
    private let border: ZeroBorder
    private let blocks: Im2colBlocks
    private let parts: OutputParts
    private let batch: Int

    /// - Precondition: there is one group.
    init(_ problem: ConvolutionProblem) {
        geometry = problem.geometry
        precondition(geometry.groups == 1)
        weights =
            problem.packs ? problem.weights.packed(rows: geometry.patchCount) : problem.weights
        activation = problem.activation
        needs = problem.needs
        gemm = problem.site.options.gemmPath
        batch = problem.site.batch
        border = ZeroBorder(geometry)
        blocks = Im2colBlocks(geometry, batch: batch)
        parts = OutputParts(geometry, batch: batch)
    }

    var implementation: String {
        weights.isPacked ? "direct, packed" : needs.input ? "direct, \(gemm)" : "direct"
    }
    var scratch: Int { max(border.scratch, needs.input ? blocks.scratch : 0) }

    var prepared: Int { weights.prepared }
    var preparedLayout: String { weights.layout }

    func prepare() -> [Stage] { weights.prepare() }

    func forward() -> [Stage] {
        let whole = OutputParts.Part(slices: 0..<geometry.slices.output, filters: 0..<geometry.filters)
        guard parts.count > 1 else {
            return [Stage(.samples) { context in make(whole, of: 0..<context.count, context) }]
        }
        return [
            Stage(.tasks(batch * parts.count)) { context in
                let (sample, part) = context.task.quotientAndRemainder(dividingBy: parts.count)
                make(parts[part], of: sample..<(sample + 1), context)
            }
        ]
    }

    /// Makes a part of the outputs of some samples.
    private func make(_ part: OutputParts.Part, of samples: Range<Int>, _ context: StageContext) {
        var window = border.window(slices: part.slices)
        var filters = weights.filters(context)
        let images = context.input() + samples.lowerBound * geometry.inputCount
        let outputs =
            context.output + samples.lowerBound * geometry.outputCount
            + part.slices.lowerBound * (geometry.outputCount / geometry.slices.output)
        border.forEach(images, samples.count, slices: part.slices, context.scratch) { sample, image in
            ck_direct_convolution(
                image,
                &window,
                &filters,
                part.filters.lowerBound,
                part.filters.count,
                activation.function,
                activation.parameter,
                outputs + sample * geometry.outputCount
            )
        }
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let slices = 0..<geometry.slices.output
                var window = border.window(slices: slices)
                let gradient = context.outputGradient
                guard needs.kernel else {
                    let count = context.count * geometry.outputCount
                    activation.backward(context.output, gradient, count: count)
                    return addInputGradients(context)
                }
                border.forEach(context.input(), context.count, slices: slices, context.scratch) {
                    sample,
                    image in
                    ck_direct_convolution_backward(
                        image,
                        &window,
                        // A linear layer's output is not read, and need not be kept.
                        activation.isLinear
                            ? nil : context.output + sample * geometry.outputCount,
                        gradient + sample * geometry.outputCount,
                        geometry.filters,
                        activation.function,
                        activation.parameter,
                        context.inputGradient(1),
                        needs.bias ? context.inputGradient(2) : nil
                    )
                }
                addInputGradients(context)
            }
        ]
    }

    private func addInputGradients(_ context: StageContext) {
        guard needs.input else { return }
        let columns = context.scratch.assumingMemoryBound(to: Float.self)
        blocks.clearImages(context.inputGradient(), context.count)
        blocks.forEach(context.count) { block in
            blocks.addTransposed(
                of: block,
                0,
                context.outputGradient,
                weights.kernel(context),
                columns,
                to: context.inputGradient(),
                gemm
            )
        }
    }
}
