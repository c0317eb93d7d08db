/// The kernel of a convolution: the path that was asked for where it suits the layer, else one chosen by a fixed rule
/// from shapes and batch size alone, so that the same bits come out on any machine of the same vector level.
enum ConvolutionChoice {
    static func kernel(
        _ geometry: ConvolutionGeometry, _ weights: ConvolutionWeights, _ activation: Epilogue, at site: Site,
        path: ComputeOptions.ConvolutionPath
    ) -> any Kernel {
        func winograd(tile: Int) -> Winograd {
            Winograd(geometry: geometry, tile: tile, weights: weights, gemm: site.options.gemmPath)
        }
        switch path {
        case .direct: return DirectConvolution(geometry, weights, activation, at: site)
        case .winograd2x2 where Winograd.suits(geometry):
            return kernel(winograd(tile: 2), activation, at: site)
        case .winograd4x4 where Winograd.suits(geometry):
            return kernel(winograd(tile: 4), activation, at: site)
        case .automatic where Winograd.suits(geometry):
            let candidates = [winograd(tile: 4), winograd(tile: 2)]
            let costs = candidates.map { cost($0, batch: site.batch) }
            let least = costs[0] <= costs[1] ? 0 : 1
            guard costs[least] < im2colCost(geometry, batch: site.batch) else { break }
            return kernel(candidates[least], activation, at: site)
        default: break
        }
        return Im2colConvolution(geometry, weights, activation, at: site)
    }

    /// Blocks of tiles where a worker's samples have tiles enough and the weights are small; else batched.
    private static func kernel(_ winograd: Winograd, _ activation: Epilogue, at site: Site) -> any Kernel {
        // As many samples as a plan gives a worker at once, at most.
        let samples = (site.batch + 15) / 16
        let suitsBlocks =
            site.batch >= 16 && samples * winograd.tilesPerImage >= 48
            && winograd.transformedCount <= 320_000
        return suitsBlocks
            ? WinogradConvolution(winograd, activation, at: site)
            : BatchedWinogradConvolution(winograd, activation, at: site)
    }

    // MARK: Costs, in multiply-adds of a large matrix product

    /// What packing a weight costs for one product: as much as this many rows' multiplications by it. (OpenBLAS 0.3.21
    /// with AVX2, 256×256 weights: 58, 72, 76 and 80 GFLOP/s with 32, 64, 128 and 256 rows.)
    private static let packing = 14.0
    /// What the transforms cost for each value of a transformed tile: 0.3 ns, 12 multiply-adds of a product at 80 GFLOP/s.
    private static let transforming = 12.0
    /// What copying a value of a window to the im2col matrix costs.
    private static let copying = 6.0
    /// Rows of one product at most, in the cost: more change nothing.
    private static let rows = 256.0

    private static func cost(_ winograd: Winograd, batch: Int) -> Double {
        let geometry = winograd.geometry
        let tiles = Double(winograd.tilesPerImage * batch)
        let weights = Double(winograd.weightCount)
        let values = Double(geometry.channels + geometry.filters)
        return tiles * Double(winograd.places)
            * (weights * (1 + packing / min(tiles, rows)) + values * transforming)
    }

    private static func im2colCost(_ geometry: ConvolutionGeometry, batch: Int) -> Double {
        let pixels = Double(geometry.outputPixels * batch)
        return pixels * Double(geometry.patchCount)
            * (Double(geometry.filters) * (1 + packing / min(pixels, rows)) + copying)
    }
}
