import CKernels

/// The parts of a convolution by Winograd's minimal filtering, F(m×m, 3×3): transformed tiles, and a matrix product
/// for each of their (m + 2)² places.
///
/// Source: Lavin and Gray, Fast algorithms for convolutional neural networks, 2015.
struct Winograd: Sendable {
    let geometry: ConvolutionGeometry
    /// Outputs of a tile along each axis, m: 2 or 4.
    let tile: Int
    let weights: ConvolutionWeights
    let gemm: GEMMPath

    /// Whether a convolution can be computed this way.
    static func suits(_ geometry: ConvolutionGeometry) -> Bool {
        geometry.kernel == 3 && geometry.strides == 1 && geometry.dilation == 1 && geometry.groups == 1
    }

    /// The places of a transformed tile, and so the number of matrix products.
    var places: Int { (tile + 2) * (tile + 2) }
    var tilesAcross: Int { (geometry.outputWidth + tile - 1) / tile }
    var tilesDown: Int { (geometry.outputHeight + tile - 1) / tile }
    var tilesPerImage: Int { tilesAcross * tilesDown }
    /// Weights of one element of the window.
    var weightCount: Int { geometry.channels * geometry.filters }
    /// Elements of the transformed weights.
    var transformedCount: Int { places * weightCount }

    var path: String { "Winograd F(\(tile)×\(tile)), \(gemm)" }

    /// Weights that one task transforms: enough to be worth the handing over.
    private static let weightsPerTask = 4096

    /// Bytes of prepared memory: what the weights need, then the transformed kernel.
    var prepared: Int { weights.prepared + transformedCount * MemoryLayout<Float>.stride }

    func prepare() -> [Stage] {
        weights.prepare() + [
            forEachPartOfWeights { context, part in
                ck_winograd_kernel(
                    weights.kernel(context) + part.lowerBound, weightCount, tile, part.count, weightCount,
                    kernel(context) + part.lowerBound)
            }
        ]
    }

    /// The gradient of the kernel, from that of the transformed kernel, stored in the place of parameter 0.
    func gradientStage(from transformed: @escaping @Sendable (StageContext) -> UnsafePointer<Float>) -> Stage
    {
        forEachPartOfWeights { context, part in
            ck_winograd_kernel_backward(
                transformed(context) + part.lowerBound, weightCount, tile, part.count, weightCount, 0,
                context.parameterGradient(0) + part.lowerBound)
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

    /// The transformed kernel `[places][channels][filters]`.
    func kernel(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        (context.prepared + weights.prepared).assumingMemoryBound(to: Float.self)
    }

    // MARK: The products of one place

    /// `[tiles][filters]` from `[tiles][channels]` and the transformed kernel.
    func multiply(
        _ inputs: UnsafePointer<Float>, tiles: Int, _ weights: UnsafePointer<Float>,
        into outputs: UnsafeMutablePointer<Float>
    ) {
        gemm.multiply(
            m: tiles, n: geometry.filters, k: geometry.channels,
            a: inputs, lda: geometry.channels,
            b: weights, ldb: geometry.filters,
            c: outputs, ldc: geometry.filters)
    }

    /// The gradient of the transformed kernel; added to if `adds`.
    func multiplyForWeights(
        _ inputs: UnsafePointer<Float>, _ outputGradients: UnsafePointer<Float>, tiles: Int, adds: Bool,
        into weightGradient: UnsafeMutablePointer<Float>
    ) {
        gemm.multiply(
            m: geometry.channels, n: geometry.filters, k: tiles,
            a: inputs, lda: geometry.channels, transposeA: true,
            b: outputGradients, ldb: geometry.filters,
            c: weightGradient, ldc: geometry.filters, beta: adds ? 1 : 0)
    }

    /// The gradient of the transformed inputs.
    func multiplyForInputs(
        _ outputGradients: UnsafePointer<Float>, tiles: Int, _ weights: UnsafePointer<Float>,
        into inputGradients: UnsafeMutablePointer<Float>
    ) {
        gemm.multiply(
            m: tiles, n: geometry.channels, k: geometry.filters,
            a: outputGradients, lda: geometry.filters,
            b: weights, ldb: geometry.filters, transposeB: true,
            c: inputGradients, ldc: geometry.channels)
    }
}
