import CKernels

/// Where a convolution finds its kernel and bias: among the parameters, or, where a batch normalisation in use follows,
/// in prepared memory, with the normalisation folded in.
///
/// With the factor s = gamma / √(variance + epsilon) of each filter: kernel' = kernel · s, bias' = beta + (bias − mean) · s.
struct ConvolutionWeights: Sendable {
    private let kernelCount: Int, filters: Int
    private let hasOwnBias: Bool
    private let normalization: NormalizationSettings?

    init(_ geometry: ConvolutionGeometry, useBias: Bool, normalization: BatchNormalization? = nil) {
        filters = geometry.filters
        kernelCount = geometry.patchCount * filters
        hasOwnBias = useBias
        self.normalization = normalization.map {
            NormalizationSettings($0, channels: geometry.filters, firstParameter: useBias ? 2 : 1)
        }
    }

    var hasBias: Bool { hasOwnBias || normalization != nil }

    /// Bytes of prepared memory, from its beginning: whole cache lines.
    var prepared: Int {
        normalization == nil
            ? 0 : AlignedBuffer.rounded((kernelCount + filters) * MemoryLayout<Float>.stride)
    }

    /// The kernel as its layer stores it, and the bias behind it.
    func kernel(_ context: StageContext) -> UnsafePointer<Float> {
        normalization == nil ? context.parameter(0) : UnsafePointer(folded(context))
    }

    /// The bias `[filters]`, if there is one.
    func bias(_ context: StageContext) -> UnsafePointer<Float>? {
        guard normalization == nil else { return UnsafePointer(folded(context) + kernelCount) }
        return hasOwnBias ? context.parameter(1) : nil
    }

    private func folded(_ context: StageContext) -> UnsafeMutablePointer<Float> {
        context.prepared.assumingMemoryBound(to: Float.self)
    }

    func prepare() -> [Stage] {
        guard let normalization else { return [] }
        return [
            Stage(.once) { context in
                let kernel = folded(context), bias = kernel + kernelCount
                for filter in 0..<filters {
                    let (factor, shift) = normalization.affine(filter, context)
                    let own = hasOwnBias ? Double(context.parameter(1)[filter]) : 0
                    bias[filter] = Float(own * factor + shift)
                }
                // One row of the factors scales all rows of the kernel.
                for filter in 0..<filters {
                    kernel[filter] = Float(normalization.affine(filter, context).factor)
                }
                let source = context.parameter(0)
                for place in stride(from: kernelCount - filters, through: 0, by: -filters) {
                    for filter in 0..<filters {
                        kernel[place + filter] = source[place + filter] * kernel[filter]
                    }
                }
            }
        ]
    }
}
