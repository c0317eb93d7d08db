import CKernels

extension Implementation<ConvolutionProblem> {
    /// What copying a value of a window to the im2col matrix costs.
    private static var copying: Double { 6 }

    /// For every convolution.
    static var im2col: Self {
        Self(
            "im2col",
            suits: { problem in
                let values = problem.pixels * Double(problem.geometry.patchCount * problem.geometry.groups)
                return .cost(
                    problem.products * ConvolutionProblem.readingWeights(for: problem.pixels)
                        + values * copying
                )
            },
            make: { Im2colConvolution($0) }
        )
    }
}

/// Convolution as a matrix product: the window's content at each output pixel becomes a row of a matrix, which
/// is multiplied with the kernel as it is stored.
struct Im2colConvolution: EpilogueKernel {
    let geometry: WindowGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients
    let gemm: GEMMPath
    private let blocks: Im2colBlocks
    private let parts: SampleParts

    init(_ problem: ConvolutionProblem) {
        geometry = problem.geometry
        weights = problem.weights
        activation = problem.activation
        needs = problem.needs
        gemm = problem.site.options.gemmPath
        blocks = Im2colBlocks(geometry, batch: problem.site.batch)
        parts = blocks.parts(batch: problem.site.batch)
    }

    var implementation: String { geometry.isPointwise ? "1×1, \(gemm)" : "im2col, \(gemm)" }
    var scratch: Int { blocks.scratch }

    var prepared: Int { weights.prepared }
    var preparedLayout: String { weights.layout }

    func prepare() -> [Stage] { weights.prepare() }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, rows in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                let bias = weights.bias(context)
                blocks.forEach(samples, rows: rows) { block in
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
                if needs.input { blocks.clearImages(context.inputGradient(), context.count) }
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
                        blocks.addTransposed(
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
