import CKernels

/// A transposed convolution as a matrix product: what the convolution that it transposes does for the gradient of its images,
/// with the passes exchanged. `geometry` is that convolution's: its images are the output here, its outputs the images.
struct TransposedConvolutionKernel: EpilogueKernel {
    let geometry: WindowGeometry
    let hasBias: Bool
    let activation: Epilogue
    let needs: NeededGradients
    let gemm: GEMMPath
    private let blocks: Im2colBlocks

    init(geometry: WindowGeometry, hasBias: Bool, activation: Epilogue, site: Site) {
        self.geometry = geometry
        self.hasBias = hasBias
        self.activation = activation
        needs = NeededGradients(site)
        gemm = site.options.gemmPath
        blocks = Im2colBlocks(geometry, batch: site.batch)
    }

    var implementation: String { "col2im, \(gemm)" }
    var scratch: Int { blocks.scratch }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                blocks.clearImages(context.output, context.count)
                blocks.forEach(context.count) { block in
                    blocks.addTransposed(
                        of: block,
                        0,
                        context.input(),
                        context.input(1),
                        columns,
                        to: context.output,
                        gemm
                    )
                }
                activation.apply(
                    context.output,
                    bias: hasBias ? context.input(2) : nil,
                    rows: context.count * geometry.inputPixels,
                    channels: geometry.channels
                )
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let columns = context.scratch.assumingMemoryBound(to: Float.self)
                let gradient = context.outputGradient
                let pixels = context.count * geometry.inputPixels
                activation.backward(context.output, gradient, count: pixels * geometry.channels)
                if needs.bias {
                    ck_column_sums(gradient, pixels, geometry.channels, context.inputGradient(2), 1)
                }
                guard needs.kernel || needs.input else { return }
                blocks.forEach(context.count) { block in
                    let first = block.firstPixel * geometry.filters
                    let patches = blocks.patches(gradient, block, 0, columns)
                    if needs.kernel {
                        gemm.multiplyInEngine(
                            m: geometry.patchCount,
                            n: geometry.filters,
                            k: block.rows,
                            a: patches,
                            lda: geometry.patchCount,
                            transposeA: true,
                            b: context.input() + first,
                            ldb: geometry.filters,
                            c: context.inputGradient(1),
                            ldc: geometry.filters,
                            beta: 1
                        )
                    }
                    guard needs.input else { return }
                    gemm.multiplyInEngine(
                        m: block.rows,
                        n: geometry.filters,
                        k: geometry.patchCount,
                        a: patches,
                        lda: geometry.patchCount,
                        b: context.input(1),
                        ldb: geometry.filters,
                        c: context.inputGradient() + first,
                        ldc: geometry.filters
                    )
                }
            }
        ]
    }
}
