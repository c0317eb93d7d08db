import CKernels

/// Convolution as a matrix product: the window's content at each output pixel becomes a row of a matrix, which
/// is multiplied with the kernel as it is stored.
struct Im2colConvolution: Kernel {
    let geometry: ConvolutionGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients
    let gemm: GEMMPath
    private let blocks: Im2colBlocks

    init(
        _ geometry: ConvolutionGeometry, _ weights: ConvolutionWeights, _ activation: Epilogue, at site: Site
    ) {
        self.geometry = geometry
        self.weights = weights
        self.activation = activation
        needs = NeededGradients(site)
        gemm = site.options.gemmPath
        blocks = Im2colBlocks(geometry, batch: site.batch)
    }

    var implementation: String { geometry.isPointwise ? "1×1, \(gemm)" : "im2col, \(gemm)" }
    var scratch: Int { blocks.scratch }
    var backwardReads: BackwardReads { activation.isLinear ? .inputs : [.inputs, .output] }

    var prepared: Int { weights.prepared }
    var preparedLayout: String { weights.layout }

    func prepare() -> [Stage] { weights.prepare() }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                let bias = weights.bias(context)
                blocks.forEach(context.count) { block in
                    let output = context.output + block.firstPixel * geometry.filters
                    for group in 0..<geometry.groups {
                        let patches = blocks.patches(context.input(), block, group, columns)
                        gemm.multiplyInEngine(
                            m: block.rows,
                            n: geometry.groupFilters,
                            k: geometry.patchCount,
                            a: patches,
                            lda: geometry.patchCount,
                            b: weights.kernel(context) + group * geometry.groupFilters,
                            ldb: geometry.filters,
                            c: output + group * geometry.groupFilters,
                            ldc: geometry.filters
                        )
                    }
                    activation.apply(output, bias: bias, rows: block.rows, channels: geometry.filters)
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                let gradient = context.outputGradient
                let pixels = context.count * geometry.outputPixels
                activation.backward(context.output, gradient, count: pixels * geometry.filters)
                if needs.bias {
                    ck_column_sums(gradient, pixels, geometry.filters, context.inputGradient(2), 1)
                }
                if needs.input { blocks.clearInputGradient(context.inputGradient(), context.count) }
                blocks.forEach(context.count) { block in
                    for group in 0..<geometry.groups {
                        let filters = group * geometry.groupFilters
                        if needs.kernel {
                            gemm.multiplyInEngine(
                                m: geometry.patchCount,
                                n: geometry.groupFilters,
                                k: block.rows,
                                a: blocks.patches(context.input(), block, group, columns),
                                lda: geometry.patchCount,
                                transposeA: true,
                                b: gradient + block.firstPixel * geometry.filters + filters,
                                ldb: geometry.filters,
                                c: context.inputGradient(1) + filters,
                                ldc: geometry.filters,
                                beta: 1
                            )
                        }
                        guard needs.input else { continue }
                        blocks.addInputGradient(
                            of: block,
                            group,
                            gradient,
                            weights.kernel(context),
                            columns,
                            to: context.inputGradient(),
                            gemm
                        )
                    }
                }
            }
        ]
    }
}
