import CKernels

/// Convolution by the loops of its definition: what every faster path is compared with.
struct NaiveConvolution: Kernel {
    let geometry: ConvolutionGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients

    init(
        _ geometry: ConvolutionGeometry, _ weights: ConvolutionWeights, _ activation: Epilogue, at site: Site
    ) {
        self.geometry = geometry
        self.weights = weights
        self.activation = activation
        needs = NeededGradients(site)
    }

    var implementation: String { "naive" }

    var prepared: Int { weights.prepared }
    var preparedLayout: String { weights.layout }

    func prepare() -> [Stage] { weights.prepare() }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let kernel = weights.kernel(context), filters = geometry.filters
                let pixels = context.count * geometry.outputPixels
                context.output.update(repeating: 0, count: pixels * filters)
                forEachTerm(context.count) { input, weight, output, filter in
                    context.output[output] += context.input()[input] * kernel[weight * filters + filter]
                }
                activation.apply(context.output, bias: weights.bias(context), rows: pixels, channels: filters)
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let kernel = weights.kernel(context), filters = geometry.filters
                let gradient = context.outputGradient
                let pixels = context.count * geometry.outputPixels
                activation.backward(context.output, gradient, count: pixels * filters)
                if needs.bias {
                    ck_column_sums(gradient, pixels, filters, context.inputGradient(2), 1)
                }
                if needs.kernel {
                    forEachTerm(context.count) { input, weight, output, filter in
                        context.inputGradient(1)[weight * filters + filter] +=
                            gradient[output] * context.input()[input]
                    }
                }
                guard needs.input else { return }
                context.inputGradient().update(repeating: 0, count: context.count * geometry.inputCount)
                forEachTerm(context.count) { input, weight, output, filter in
                    context.inputGradient()[input] += gradient[output] * kernel[weight * filters + filter]
                }
            }
        ]
    }

    /// Calls `body` for every product in the sums: with the places of the input element, of the kernel's row, of
    /// the output element, and the filter.
    private func forEachTerm(_ images: Int, _ body: (Int, Int, Int, Int) -> Void) {
        for image in 0..<images {
            for i in 0..<geometry.outputHeight {
                for j in 0..<geometry.outputWidth {
                    for u in 0..<geometry.kernel.height {
                        for v in 0..<geometry.kernel.width {
                            let y =
                                i * geometry.strides.height + u * geometry.dilation.height - geometry.padTop
                            let x =
                                j * geometry.strides.width + v * geometry.dilation.width - geometry.padLeft
                            guard (0..<geometry.height).contains(y), (0..<geometry.width).contains(x) else {
                                continue
                            }
                            let input =
                                ((image * geometry.height + y) * geometry.width + x) * geometry.channels
                            let output =
                                (image * geometry.outputPixels + i * geometry.outputWidth + j)
                                * geometry.filters
                            let place = (u * geometry.kernel.width + v) * geometry.groupChannels
                            for filter in 0..<geometry.filters {
                                let first = filter / geometry.groupFilters * geometry.groupChannels
                                for channel in 0..<geometry.groupChannels {
                                    body(input + first + channel, place + channel, output + filter, filter)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
