import CKernels

/// Convolution straight from the image, in one group: blocks of output pixels times filters stay in registers, and no
/// matrix of windows is made. An image whose windows leave it is first copied into one with a border of zeros.
///
/// The gradient of the weights is made the same way. The gradient of the input, which first layers do not need, is a
/// matrix product whose result is added back window by window, as in `Im2colConvolution`.
struct DirectConvolution: Kernel {
    let geometry: ConvolutionGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients
    let gemm: GEMMPath
    private let border: ZeroBorder
    private let blocks: Im2colBlocks
    private let parts: OutputParts
    private let batch: Int

    /// - Precondition: `geometry.groups` is 1.
    init(
        _ geometry: ConvolutionGeometry, _ weights: ConvolutionWeights, _ activation: Epilogue, at site: Site
    ) {
        precondition(geometry.groups == 1)
        self.geometry = geometry
        self.weights =
            ConvolutionWeights.suitsPacking(geometry, at: site)
            ? weights.packed(rows: geometry.patchCount) : weights
        self.activation = activation
        needs = NeededGradients(site)
        gemm = site.options.gemmPath
        border = ZeroBorder(geometry)
        blocks = Im2colBlocks(geometry, batch: site.batch)
        parts = OutputParts(geometry, batch: site.batch)
        batch = site.batch
    }

    var implementation: String {
        weights.isPacked ? "direct, packed" : needs.input ? "direct, \(gemm)" : "direct"
    }
    var scratch: Int { max(border.scratch, needs.input ? blocks.scratch : 0) }
    var backwardReads: BackwardReads { activation.isLinear ? .inputs : [.inputs, .output] }

    var prepared: Int { weights.prepared }
    var preparedLayout: String { weights.layout }

    func prepare() -> [Stage] { weights.prepare() }

    func forward() -> [Stage] {
        let whole = OutputParts.Part(rows: 0..<geometry.outputHeight, filters: 0..<geometry.filters)
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
        var window = border.window(rows: part.rows)
        var filters = weights.filters(context)
        let images = context.input() + samples.lowerBound * geometry.inputCount
        let outputs =
            context.output + samples.lowerBound * geometry.outputCount
            + part.rows.lowerBound * geometry.outputWidth * geometry.filters
        border.forEach(images, samples.count, rows: part.rows, context.scratch) { sample, image in
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
                let rows = 0..<geometry.outputHeight
                var window = border.window(rows: rows)
                let gradient = context.outputGradient
                guard needs.kernel else {
                    let count = context.count * geometry.outputCount
                    activation.backward(context.output, gradient, count: count)
                    return addInputGradients(context)
                }
                border.forEach(context.input(), context.count, rows: rows, context.scratch) { sample, image in
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
        blocks.clearInputGradient(context.inputGradient(), context.count)
        blocks.forEach(context.count) { block in
            blocks.addInputGradient(
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
