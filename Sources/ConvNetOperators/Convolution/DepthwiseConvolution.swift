import CKernels

/// Convolution with as many groups as channels: each filter sees one channel. The arithmetic is little for the data, so
/// it goes straight over the image, with the channels of a pixel in vectors.
///
/// With several filters for each channel (Keras' depth multiplier) the image is first copied with each channel as often
/// as it has filters, and the gradients of the copies are added up.
struct DepthwiseConvolution: EpilogueKernel {
    let geometry: WindowGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients
    private let parts: SampleParts

    /// - Precondition: there are as many groups as channels, and one plane.
    init(_ problem: ConvolutionProblem) {
        geometry = problem.geometry
        precondition(geometry.groups == geometry.channels && geometry.isPlane)
        weights = problem.weights
        activation = problem.activation
        needs = problem.needs
        // Copies of channels are made for a whole image.
        let hasCopies = geometry.groupFilters > 1
        parts = SampleParts(rowsOf: geometry, batch: problem.site.batch, isDivisible: !hasCopies)
    }

    var implementation: String { "depthwise" }
    var scratch: Int {
        multiplier == 1 ? 0 : AlignedBuffer.rounded(4 * geometry.inputPixels * geometry.filters)
    }

    var prepared: Int { weights.prepared }
    var preparedLayout: String { weights.layout }

    func prepare() -> [Stage] { weights.prepare() }

    /// The filters of each channel.
    private var multiplier: Int { geometry.groupFilters }

    /// A window over an image that has a channel for each filter.
    private func repeated(_ window: ck_window) -> ck_window {
        var window = window
        window.channels = geometry.filters
        window.pixel_stride = geometry.filters
        return window
    }

    /// A sample of the input with a channel for each filter.
    private func image(_ context: StageContext, _ sample: Int) -> UnsafePointer<Float> {
        let image = context.input() + sample * geometry.inputCount
        guard multiplier > 1 else { return image }
        let repeated = context.scratch.assumingMemoryBound(to: Float.self)
        ck_repeat_channels(image, geometry.inputPixels, geometry.channels, multiplier, repeated)
        return UnsafePointer(repeated)
    }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, rows in
                let part = geometry.part(rows: rows)
                var window = repeated(part.window)
                for sample in samples {
                    ck_depthwise_convolution(
                        image(context, sample) + part.input,
                        &window,
                        weights.kernel(context),
                        weights.bias(context),
                        activation.function,
                        activation.parameter,
                        context.output + sample * geometry.outputCount + part.output
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                var window = repeated(geometry.window)
                for sample in 0..<context.count {
                    let gradient = context.outputGradient + sample * geometry.outputCount
                    if needs.kernel {
                        ck_depthwise_convolution_backward_weights(
                            image(context, sample),
                            &window,
                            // A linear layer's output is not read, and need not be kept.
                            activation.isLinear
                                ? nil : context.output + sample * geometry.outputCount,
                            gradient,
                            activation.function,
                            activation.parameter,
                            context.inputGradient(1),
                            needs.bias ? context.inputGradient(2) : nil
                        )
                    } else {
                        activation.backward(
                            context.output + sample * geometry.outputCount,
                            gradient,
                            count: geometry.outputCount
                        )
                    }
                    guard needs.input else { continue }
                    let target = context.inputGradient() + sample * geometry.inputCount
                    guard multiplier > 1 else {
                        ck_depthwise_convolution_backward_image(
                            gradient,
                            &window,
                            context.input(1),
                            target
                        )
                        continue
                    }
                    let repeated = context.scratch.assumingMemoryBound(to: Float.self)
                    ck_depthwise_convolution_backward_image(gradient, &window, context.input(1), repeated)
                    ck_sum_repeats(repeated, geometry.inputPixels, geometry.channels, multiplier, target)
                }
            }
        ]
    }
}
