import CKernels

extension Implementation<ConvolutionProblem> {
    /// For every convolution, and never by itself: it is the measure of the others.
    static var naive: Self { Self("naive", suits: { _ in .cost(.infinity) }, make: { NaiveConvolution($0) }) }
}

/// Convolution by the loops of its definition: what every faster path is compared with.
struct NaiveConvolution: EpilogueKernel {
    let geometry: WindowGeometry
    let weights: ConvolutionWeights
    let activation: Epilogue
    let needs: NeededGradients

    init(_ problem: ConvolutionProblem) {
        geometry = problem.geometry
        weights = problem.weights
        activation = problem.activation
        needs = problem.needs
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
        let depth = geometry.depth, height = geometry.height, width = geometry.width
        for image in 0..<images {
            for pixel in 0..<geometry.outputPixels {
                let (row, j) = pixel.quotientAndRemainder(dividingBy: width.output)
                let (h, i) = row.quotientAndRemainder(dividingBy: height.output)
                let output = (image * geometry.outputPixels + pixel) * geometry.filters
                for position in 0..<(geometry.patchCount / geometry.groupChannels) {
                    let (line, v) = position.quotientAndRemainder(dividingBy: width.window)
                    let (t, u) = line.quotientAndRemainder(dividingBy: height.window)
                    guard let z = depth.element(t, at: h), let y = height.element(u, at: i),
                        let x = width.element(v, at: j)
                    else { continue }
                    let input =
                        (image * geometry.inputPixels + (z * height.size + y) * width.size + x)
                        * geometry.channels
                    let place = position * geometry.groupChannels
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
