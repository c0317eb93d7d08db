import CKernels

/// Where a convolution finds its kernel and bias: among the parameters, or in prepared memory, where a batch normalisation
/// in use that follows is folded in, or the direct kernels want the weights packed in panels.
///
/// With the factor s = gamma / √(variance + epsilon) of each filter: kernel' = kernel · s, bias' = beta + (bias − mean) · s.
struct ConvolutionWeights: Sendable {
    private let kernelCount: Int, filters: Int
    private let hasOwnBias: Bool
    private let normalization: NormalizationSettings?
    /// The rows `[filters]` that a panel takes together, if the kernel is packed.
    private var rowsPerPanel: Int?

    init(_ geometry: WindowGeometry, useBias: Bool, normalization: NormalizationSettings? = nil) {
        filters = geometry.filters
        kernelCount = geometry.patchCount * filters
        hasOwnBias = useBias
        self.normalization = normalization
    }

    /// Whether a layer's weights are worth packing: where they stay the same from batch to batch.
    static func suitsPacking(_ geometry: WindowGeometry, at site: Site) -> Bool {
        site.mode == .inference && site.options.gemmPath == .openBLAS && geometry.groups == 1
            && geometry.filters.isMultiple(of: panelWidth)
    }

    /// The same weights, with each `rows` neighbouring rows of the kernel as a matrix in packed panels.
    func packed(rows: Int) -> ConvolutionWeights {
        var weights = self
        weights.rowsPerPanel = rows
        return weights
    }

    private static let panelWidth = Int(ck_panel_width)
    /// Filters that a task prepares: some panels, so that it reads several cache lines of a row at a time.
    private static let taskWidth = 4 * panelWidth

    var isPacked: Bool { rowsPerPanel != nil }
    var hasBias: Bool { hasOwnBias || normalization != nil }
    private var isPrepared: Bool { isPacked || normalization != nil }

    /// Bytes of prepared memory, from its beginning: whole cache lines.
    var prepared: Int {
        isPrepared ? AlignedBuffer.rounded((kernelCount + filters) * MemoryLayout<Float>.stride) : 0
    }

    /// Names the order of the prepared weights, for kernels that may share them.
    var layout: String { rowsPerPanel.map { "panels of \($0) rows" } ?? "rows" }

    /// The kernel as its layer stores it, or packed; where it is prepared, the bias stands behind it.
    func kernel(_ context: StageContext) -> UnsafePointer<Float> {
        isPrepared ? UnsafePointer(preparedKernel(context)) : context.input(1)
    }

    /// The bias `[filters]`, if there is one.
    func bias(_ context: StageContext) -> UnsafePointer<Float>? {
        guard hasBias else { return nil }
        return isPrepared ? UnsafePointer(preparedKernel(context) + kernelCount) : context.input(2)
    }

    /// Kernel and bias as the direct kernels take them.
    func filters(_ context: StageContext) -> ck_filters {
        ck_filters(
            weights: kernel(context),
            bias: bias(context),
            count: filters,
            is_packed: isPacked ? 1 : 0
        )
    }

    private func preparedKernel(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        context.prepared.assumingMemoryBound(to: Float.self)
    }

    func prepare() -> [Stage] {
        guard isPrepared else { return [] }
        let width = isPacked ? Self.panelWidth : filters
        let rows = rowsPerPanel ?? kernelCount / filters
        return [
            Stage(.tasks((filters + Self.taskWidth - 1) / Self.taskWidth)) { context in
                let first = context.task * Self.taskWidth, count = min(Self.taskWidth, filters - first)
                let kernel = preparedKernel(context), bias = kernel + kernelCount + first
                withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { factors in
                    guard let factors = factors.baseAddress else { return }
                    for filter in 0..<count {
                        let own = hasOwnBias ? Double(context.input(2)[first + filter]) : 0
                        let (factor, shift) = normalization?.affine(first + filter, context) ?? (1, 0)
                        bias[filter] = Float(own * factor + shift)
                        factors[filter] = Float(factor)
                    }
                    for matrix in stride(from: 0, to: kernelCount, by: rows * filters) {
                        ck_pack_columns(
                            context.input(1) + matrix + first,
                            filters,
                            rows,
                            factors,
                            count,
                            width,
                            kernel + matrix + (isPacked ? first * rows : first)
                        )
                    }
                }
            }
        ]
    }
}
