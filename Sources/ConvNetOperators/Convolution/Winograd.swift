import CKernels

extension Implementation<ConvolutionProblem> {
    /// What the transforms cost for each value of a transformed tile: 0.3 ns, at 80 GFLOP/s.
    private static var transforming: Double { 12 }

    /// For windows of 3×3 that move by one, in one group and one plane.
    ///
    /// - Parameter tile: 2 or 4 outputs of a tile along each axis.
    static func winograd(tile: Int) -> Self {
        Self(
            "winograd\(tile)x\(tile)",
            suits: { problem in
                let geometry = problem.geometry
                if let reason = problem.splitGradients { return .unsuitable(reason) }
                guard geometry.isPlane else { return .unsuitable("the image has a depth") }
                guard geometry.groups == 1 else { return .unsuitable("there are \(geometry.groups) groups") }
                let axes = [geometry.height, geometry.width]
                guard axes.allSatisfy({ $0.window == 3 }) else {
                    return .unsuitable("the window is not 3×3")
                }
                guard axes.allSatisfy({ $0.stride == 1 && $0.dilation == 1 }) else {
                    return .unsuitable("strides or dilation are not 1")
                }
                let winograd = Winograd(problem, tile: tile)
                let tiles = Double(winograd.tilesPerImage * problem.site.batch)
                let values = Double(geometry.channels + geometry.filters)
                let isLarge = winograd.weightCount > Winograd.fewWeights
                let rate =
                    (winograd.multipliesDirectly ? ConvolutionProblem.directly : 1)
                    * (isLarge ? ConvolutionProblem.readingWeights(for: tiles) : 1)
                let products = Double(winograd.weightCount) * rate
                return .cost(tiles * Double(winograd.places) * (products + values * transforming))
            },
            make: { problem in
                // In blocks of tiles where a worker's samples have tiles enough and the weights are small; else batched.
                let winograd = Winograd(problem, tile: tile), site = problem.site
                let suitsBlocks =
                    site.batch >= 16 && site.tile * winograd.tilesPerImage >= 48
                    && winograd.transformedCount <= 320_000
                if suitsBlocks { return WinogradConvolution(winograd, problem) }
                return BatchedWinogradConvolution(winograd, problem)
            }
        )
    }
}

extension ck_window {
    /// The window of a 1×1 convolution over a row of pixels.
    fileprivate init(row pixels: Int, channels: Int) {
        self.init(
            depth: 1,
            height: 1,
            width: pixels,
            channels: channels,
            pixel_stride: channels,
            kernel_depth: 1,
            kernel_height: 1,
            kernel_width: 1,
            stride_depth: 1,
            stride_height: 1,
            stride_width: 1,
            dilation_depth: 1,
            dilation_height: 1,
            dilation_width: 1,
            pad_front: 0,
            pad_top: 0,
            pad_left: 0,
            output_depth: 1,
            output_height: 1,
            output_width: pixels
        )
    }
}

/// The parts of a convolution by Winograd's minimal filtering, F(m×m, 3×3): transformed tiles, and a matrix product
/// for each of their (m + 2)² places.
///
/// Source: Lavin and Gray, Fast algorithms for convolutional neural networks, 2015.
struct Winograd: Sendable {
    let geometry: WindowGeometry
    /// Outputs of a tile along each axis, m: 2 or 4.
    let tile: Int
    let weights: ConvolutionWeights
    let gemm: GEMMPath
    /// Whether inputs and outputs are multiplied with the transformed kernel straight, without OpenBLAS, which packs it for
    /// each product: quicker while the weights are few, or packed beforehand (`docs/design/convolution.md`, "Products").
    let multipliesDirectly: Bool
    /// Whether the transposed transformed kernel is prepared as well, from which the inputs' gradients are made then.
    private let transposes: Bool

    init(_ problem: ConvolutionProblem, tile: Int) {
        geometry = problem.geometry
        self.tile = tile
        let site = problem.site
        weights = problem.packs ? problem.weights.packed(rows: geometry.channels) : problem.weights
        gemm = site.options.gemmPath
        multipliesDirectly =
            problem.packs || (gemm == .openBLAS && geometry.channels * geometry.filters <= Self.fewWeights)
        transposes = multipliesDirectly && site.mode == .training && site.needsGradient[0]
    }

    /// So few weights of one place that direct products read them as they lie, and from near.
    static let fewWeights = 16_384

    /// The places of a transformed tile, and so the number of matrix products.
    var places: Int { (tile + 2) * (tile + 2) }
    var tilesAcross: Int { (geometry.width.output + tile - 1) / tile }
    var tilesDown: Int { (geometry.height.output + tile - 1) / tile }
    var tilesPerImage: Int { tilesAcross * tilesDown }
    /// Weights of one element of the window.
    var weightCount: Int { geometry.channels * geometry.filters }
    /// Elements of the transformed weights.
    var transformedCount: Int { places * weightCount }

    var implementation: String { "Winograd F(\(tile)×\(tile)), \(multipliesDirectly ? "direct" : "\(gemm)")" }

    /// Weights that one task transforms: enough to be worth the handing over.
    private static let weightsPerTask = 4096

    /// Bytes of prepared memory: what the weights need, the transformed kernel, and its transpose.
    var prepared: Int {
        weights.prepared + (transposes ? 2 : 1) * transformedCount * MemoryLayout<Float>.stride
    }

    /// Kernels in blocks of tiles and batched ones share what they prepare.
    var preparedLayout: String {
        "Winograd \(tile)\(transposes ? ", and transposed" : ""), from \(weights.layout)"
    }

    func prepare() -> [Stage] {
        weights.prepare() + [
            forEachPartOfWeights { context, part in
                ck_winograd_kernel(
                    weights.kernel(context) + part.lowerBound,
                    weightCount,
                    tile,
                    part.count,
                    weightCount,
                    kernel(context) + part.lowerBound
                )
            }
        ]
            + (transposes
                ? [
                    Stage(.tasks(places)) { context in
                        let first = context.task * weightCount
                        ck_transpose(
                            kernel(context) + first,
                            geometry.channels,
                            geometry.filters,
                            transposedKernel(context) + first
                        )
                    }
                ] : [])
    }

    /// The gradient of the kernel, from that of the transformed kernel, stored in the place of operand 1.
    func gradientStage(from transformed: @escaping @Sendable (StageContext) -> UnsafePointer<Float>) -> Stage
    {
        forEachPartOfWeights { context, part in
            ck_winograd_kernel_backward(
                transformed(context) + part.lowerBound,
                weightCount,
                tile,
                part.count,
                weightCount,
                0,
                context.inputGradient(1) + part.lowerBound
            )
        }
    }

    private func forEachPartOfWeights(
        _ body: @escaping @Sendable (StageContext, Range<Int>) -> Void
    ) -> Stage {
        Stage(.tasks((weightCount + Self.weightsPerTask - 1) / Self.weightsPerTask)) { context in
            let first = context.task * Self.weightsPerTask
            body(context, first..<min(first + Self.weightsPerTask, weightCount))
        }
    }

    /// The transformed kernel `[places][channels][filters]`, or with the matrix of each place in packed panels.
    private func kernel(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        (context.prepared + weights.prepared).assumingMemoryBound(to: Float.self)
    }

    /// The same as `[places][filters][channels]`.
    private func transposedKernel(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        kernel(context) + transformedCount
    }

    // MARK: The products of one place

    /// Outputs `[tiles][filters]` from inputs `[tiles][channels]`.
    func multiply(
        _ place: Int,
        _ context: StageContext,
        _ inputs: UnsafePointer<Float>,
        tiles: Int,
        into outputs: UnsafeMutablePointer<Float>
    ) {
        let kernel = kernel(context) + place * weightCount
        if multipliesDirectly {
            let filters = ck_filters(
                weights: kernel,
                bias: nil,
                count: geometry.filters,
                is_packed: weights.isPacked ? 1 : 0
            )
            return multiplyDirectly(
                inputs,
                tiles: tiles,
                filters,
                from: geometry.channels,
                into: outputs
            )
        }
        gemm.multiplyInEngine(
            m: tiles,
            n: geometry.filters,
            k: geometry.channels,
            a: inputs,
            lda: geometry.channels,
            b: kernel,
            ldb: geometry.filters,
            c: outputs,
            ldc: geometry.filters
        )
    }

    /// The gradient of the inputs `[tiles][channels]` from that of the outputs.
    func multiplyForInputs(
        _ place: Int,
        _ context: StageContext,
        _ outputGradients: UnsafePointer<Float>,
        tiles: Int,
        into inputGradients: UnsafeMutablePointer<Float>
    ) {
        if transposes {
            let filters = ck_filters(
                weights: transposedKernel(context) + place * weightCount,
                bias: nil,
                count: geometry.channels,
                is_packed: 0
            )
            return multiplyDirectly(
                outputGradients,
                tiles: tiles,
                filters,
                from: geometry.filters,
                into: inputGradients
            )
        }
        gemm.multiplyInEngine(
            m: tiles,
            n: geometry.channels,
            k: geometry.filters,
            a: outputGradients,
            lda: geometry.filters,
            b: kernel(context) + place * weightCount,
            ldb: geometry.filters,
            transposeB: true,
            c: inputGradients,
            ldc: geometry.channels
        )
    }

    /// The gradient of the transformed kernel; added to if `adds`.
    func multiplyForWeights(
        _ inputs: UnsafePointer<Float>,
        _ outputGradients: UnsafePointer<Float>,
        tiles: Int,
        adds: Bool,
        into weightGradient: UnsafeMutablePointer<Float>
    ) {
        gemm.multiplyInEngine(
            m: geometry.channels,
            n: geometry.filters,
            k: tiles,
            a: inputs,
            lda: geometry.channels,
            transposeA: true,
            b: outputGradients,
            ldb: geometry.filters,
            c: weightGradient,
            ldc: geometry.filters,
            beta: adds ? 1 : 0
        )
    }

    /// A product of matrices is a 1×1 convolution over a row of pixels.
    private func multiplyDirectly(
        _ values: UnsafePointer<Float>,
        tiles: Int,
        _ filters: ck_filters,
        from: Int,
        into result: UnsafeMutablePointer<Float>
    ) {
        var filters = filters
        var window = ck_window(row: tiles, channels: from)
        ck_direct_convolution(values, &window, &filters, 0, filters.count, CK_LINEAR, 0, result)
    }
}
