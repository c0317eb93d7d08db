/// A convolution at a place in a plan: what its implementations say their costs for.
///
/// Costs are in multiply-adds of a large matrix product. They depend on shapes and the batch size alone, so that the same bits
/// come out wherever the same kernels run. The figures behind them are in `docs/design/convolution.md`.
struct ConvolutionProblem: Sendable {
    let geometry: WindowGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let site: Site

    var needs: NeededGradients { NeededGradients(site) }

    // MARK: Whom it suits

    /// Why implementations that make the gradients of kernel and bias in one pass cannot; `nil` if they can.
    var splitGradients: String? {
        needs.suits(bias: weights.hasBias)
            ? nil : "it makes the gradients of kernel and bias together, and one of them alone is needed"
    }

    /// Whether the weights are packed once for all batches, for those who want them so.
    var packs: Bool { ConvolutionWeights.suitsPacking(geometry, at: site) }

    // MARK: What it costs

    /// What reading a weight from afar costs, or packing it for one product: as much as this many rows' multiplications by
    /// it. (OpenBLAS 0.3.21 with AVX2, 256×256 weights: 58, 72, 76 and 80 GFLOP/s with 32, 64, 128 and 256 rows; direct
    /// with 512×512 packed weights 58, 64, 72, 81 and 90 with 16, 32, 64, 128 and 256 rows.)
    private static let reading = 14.0
    /// More rows of one product than this change nothing.
    private static let rows = 256.0

    /// The direct kernels' time for a multiply-add, in those of a large matrix product.
    static let directly = 0.9

    /// How many times longer a multiply-add takes where the weights are read for these rows.
    static func readingWeights(for rows: Double) -> Double { 1 + reading / min(rows, Self.rows) }

    /// Output pixels of the batch.
    var pixels: Double { Double(geometry.outputPixels * site.batch) }

    /// Multiply-adds of the definition.
    var products: Double {
        Double(geometry.outputPixels * site.batch * geometry.patchCount * geometry.groupFilters)
            * Double(geometry.groups)
    }
}
