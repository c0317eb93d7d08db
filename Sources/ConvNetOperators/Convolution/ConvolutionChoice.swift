/// Which kernel computes a convolution: that of the path asked for, where it suits the layer, or the cheapest by a fixed
/// rule from shapes and batch size alone, so that the same bits come out wherever the same kernels run.
///
/// The figures behind the rule are in `docs/design/convolution.md`.
struct ConvolutionChoice {
    let geometry: ConvolutionGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let site: Site

    func kernel(path: ComputeOptions.ConvolutionPath) -> any Kernel {
        guard NeededGradients(site).suits(bias: weights.hasBias) || path == .naive else { return im2col() }
        switch path {
        case .automatic: return cheapest()
        case .winograd2x2 where Winograd.suits(geometry): return winograd(tile: 2)
        case .winograd4x4 where Winograd.suits(geometry): return winograd(tile: 4)
        case .direct where geometry.groups == 1 || geometry.isDepthwise: return direct()
        case .naive: return NaiveConvolution(geometry, weights, activation, at: site)
        case .im2col, .direct, .winograd2x2, .winograd4x4: return im2col()
        }
    }

    private func cheapest() -> any Kernel {
        // Whoever chooses another path for matrix products wants to see it at work.
        let isDirect =
            packs || (site.options.gemmPath == .openBLAS && geometry.isFasterDirect)
        var cost = isDirect ? directCost : im2colCost
        var tile: Int?
        for candidate in [4, 2] where Winograd.suits(geometry) && winogradCost(tile: candidate) < cost {
            cost = winogradCost(tile: candidate)
            tile = candidate
        }
        return tile.map { winograd(tile: $0) } ?? (isDirect ? direct() : im2col())
    }

    private func im2col() -> any Kernel { Im2colConvolution(geometry, weights, activation, at: site) }
    private func direct() -> any Kernel {
        geometry.isDepthwise
            ? DepthwiseConvolution(geometry, weights, activation, at: site)
            : DirectConvolution(geometry, weights, activation, at: site)
    }

    /// In blocks of tiles where a worker's samples have tiles enough and the weights are small; else batched.
    private func winograd(tile: Int) -> any Kernel {
        let winograd = self.parts(tile: tile)
        let suitsBlocks =
            site.batch >= 16 && site.tile * winograd.tilesPerImage >= 48
            && winograd.transformedCount <= 320_000
        return suitsBlocks
            ? WinogradConvolution(winograd, activation, at: site)
            : BatchedWinogradConvolution(winograd, activation, at: site)
    }

    private func parts(tile: Int) -> Winograd {
        Winograd(geometry, tile: tile, weights: weights, at: site)
    }

    // MARK: Costs, in multiply-adds of a large matrix product

    /// What reading a weight from afar costs, or packing it for one product: as much as this many rows' multiplications by
    /// it. (OpenBLAS 0.3.21 with AVX2, 256×256 weights: 58, 72, 76 and 80 GFLOP/s with 32, 64, 128 and 256 rows; direct
    /// with 512×512 packed weights 58, 64, 72, 81 and 90 with 16, 32, 64, 128 and 256 rows.)
    private static let reading = 14.0
    /// More rows of one product than this change nothing.
    private static let rows = 256.0
    /// What the transforms cost for each value of a transformed tile: 0.3 ns, at 80 GFLOP/s.
    private static let transforming = 12.0
    /// What copying a value of a window to the im2col matrix costs.
    private static let copying = 6.0
    /// The direct kernels' time for a multiply-add, in those of a large matrix product.
    private static let directly = 0.9

    private var products: Double {
        Double(geometry.outputPixels * site.batch * geometry.patchCount * geometry.groupFilters)
            * Double(geometry.groups)
    }

    /// Whether the direct kernels have the weights packed, once for all batches.
    private var packs: Bool { ConvolutionWeights.suitsPacking(geometry, at: site) }

    private var directCost: Double {
        let isLarge = !geometry.isFasterDirect
        let pixels = Double(geometry.outputPixels * site.batch)
        return products * Self.directly * (isLarge ? 1 + Self.reading / min(pixels, Self.rows) : 1)
    }

    private var im2colCost: Double {
        let pixels = Double(geometry.outputPixels * site.batch)
        let values = pixels * Double(geometry.patchCount * geometry.groups)
        return products * (1 + Self.reading / min(pixels, Self.rows)) + values * Self.copying
    }

    private func winogradCost(tile: Int) -> Double {
        let winograd = parts(tile: tile)
        let tiles = Double(winograd.tilesPerImage * site.batch)
        let values = Double(geometry.channels + geometry.filters)
        let isLarge = winograd.weightCount > Winograd.fewWeights
        let rate =
            (winograd.multipliesDirectly ? Self.directly : 1)
            * (isLarge ? 1 + Self.reading / min(tiles, Self.rows) : 1)
        let products = Double(winograd.weightCount) * rate
        return tiles * Double(winograd.places) * (products + values * Self.transforming)
    }
}
