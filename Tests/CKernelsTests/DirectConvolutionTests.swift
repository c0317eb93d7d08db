import CKernels
import Testing

/// Around the widths of vectors, and of two of them; 64 and more where AVX-512 takes four.
private let filterCounts = [1, 3, 5, 8, 10, 13, 16, 20, 32, 33, 64, 107]

extension Kernels {
    struct DirectConvolution {
        /// A layer in double, and its image in a border of zeros as the kernel takes it.
        private struct Layer {
            let window: ck_window
            let image: [Float]
            let weights: [Float], bias: [Float]
            /// `[pixels][elements]`, as im2col.
            let matrix: [[Double]]
            let filters: Int

            init(_ w: ck_window, filters: Int, seed: UInt64, notANumberAt place: Int? = nil) {
                var numbers = Numbers(seed)
                var source = numbers.floats(w.pixels * w.pixel_stride)
                if let place { source[place] = .nan }
                // The padding of a window over part of the channels is zero there too.
                func padded(_ size: Int, _ pad: Int, _ output: Int, _ stride: Int, _ reach: Int) -> Int {
                    max(size + pad, (output - 1) * stride + reach)
                }
                var inside = w
                (inside.pad_front, inside.pad_top, inside.pad_left) = (0, 0, 0)
                inside.depth = padded(
                    w.depth,
                    w.pad_front,
                    w.output_depth,
                    w.stride_depth,
                    (w.kernel_depth - 1) * w.dilation_depth + 1
                )
                inside.height = padded(
                    w.height,
                    w.pad_top,
                    w.output_height,
                    w.stride_height,
                    (w.kernel_height - 1) * w.dilation_height + 1
                )
                inside.width = padded(
                    w.width,
                    w.pad_left,
                    w.output_width,
                    w.stride_width,
                    (w.kernel_width - 1) * w.dilation_width + 1
                )
                var image = Array(repeating: Float(0), count: inside.pixels * w.pixel_stride)
                for line in 0..<w.depth * w.height {
                    let (z, y) = line.quotientAndRemainder(dividingBy: w.height)
                    let first =
                        ((z + w.pad_front) * inside.height + y + w.pad_top) * inside.width + w.pad_left
                    for place in 0..<w.width * w.pixel_stride {
                        image[first * w.pixel_stride + place] =
                            source[line * w.width * w.pixel_stride + place]
                    }
                }
                let matrix = (0..<w.outputs).map { output in
                    (0..<w.positions).flatMap { position in
                        let pixel = w.pixel(output, position)
                        return (0..<w.channels).map { c in
                            pixel.map { Double(source[$0 * w.pixel_stride + c]) } ?? 0
                        }
                    }
                }
                self.window = inside
                // What lies behind the last element that a window reads is not the kernel's to read.
                let last = (inside.pixels - 1) * w.pixel_stride + w.channels
                self.image = Array(image.prefix(last))
                weights = numbers.floats(matrix[0].count * filters)
                bias = numbers.floats(filters)
                self.matrix = matrix
                self.filters = filters
            }

            var outputCount: Int { matrix.count * filters }

            /// The kernel's outputs of `range`, or of all filters.
            func convolve(
                _ window: inout ck_window,
                _ weights: [Float],
                isPacked: Bool = false,
                bias hasBias: Bool = true,
                only range: Range<Int>? = nil,
                _ f: ck_activation,
                _ parameter: Float = 0,
                into output: UnsafeMutablePointer<Float>
            ) {
                let range = range ?? 0..<filters
                weights.withUnsafeBufferPointer { weights in
                    bias.withUnsafeBufferPointer { bias in
                        var layer = ck_filters(
                            weights: weights.baseAddress,
                            bias: hasBias ? bias.baseAddress : nil,
                            count: filters,
                            is_packed: isPacked ? 1 : 0
                        )
                        ck_direct_convolution(
                            image,
                            &window,
                            &layer,
                            range.lowerBound,
                            range.count,
                            f,
                            parameter,
                            output
                        )
                    }
                }
            }

            /// The weights in panels.
            var packedWeights: [Float] {
                let width = Int(ck_panel_width), elements = matrix[0].count
                return stride(from: 0, to: filters, by: width).flatMap { first in
                    (0..<elements).flatMap {
                        weights[($0 * filters + first)..<($0 * filters + first + width)]
                    }
                }
            }

            func linear(bias hasBias: Bool) -> [Double] {
                matrix.flatMap { row in
                    (0..<filters).map { f in
                        row.indices.reduce(hasBias ? Double(bias[f]) : 0) {
                            $0 + row[$1] * Double(weights[$1 * filters + f])
                        }
                    }
                }
            }
        }

        /// The rounding of a sum of products of numbers up to 2.
        private func error(terms: Int) -> Double { 4 * halfUlp * Double(terms + 1) * 4 }

        @Test(arguments: convolutionWindows + volumeWindows, filterCounts)
        func forward(w: ck_window, filters: Int) {
            let layer = Layer(w, filters: filters, seed: 20)
            var window = layer.window
            for hasBias in [true, false] {
                let linear = layer.linear(bias: hasBias)
                let absolute = error(terms: layer.matrix[0].count)
                atEveryLevel {
                    func output(_ f: ck_activation) -> [Float] {
                        var output = Guarded(count: layer.outputCount)
                        return output.write {
                            layer.convolve(&window, layer.weights, bias: hasBias, f, 0.25, into: $0)
                        }
                    }
                    expectClose(output(CK_LINEAR), linear, absolute: absolute, "linear")
                    expectClose(output(CK_RELU), linear.map { max($0, 0) }, absolute: absolute, "ReLU")
                    expectClose(
                        output(CK_LEAKY_RELU),
                        linear.map { $0 > 0 ? $0 : 0.25 * $0 },
                        absolute: absolute,
                        "leaky"
                    )
                }
            }
        }

        /// Long sums are made of parts of 32 products, so a rounding error is one of the size that a part, or the sum of the
        /// parts, has grown to. An addition rounds by at most half an ulp of it; one chain of 4608 errs twice as much as
        /// `bound`.
        @Test(arguments: [
            ck_window(height: 8, width: 8, channels: 512, kernel: (3, 3)),
            ck_window(height: 6, width: 6, channels: 4608, kernel: (1, 1)),
        ])
        func longSums(w: ck_window) {
            let layer = Layer(w, filters: 16, seed: 26)
            var window = layer.window
            let expected = layer.linear(bias: true)
            let terms = Double(layer.matrix[0].count), part = 32.0
            // A product of two numbers that are uniform in -2...2 has the variance (4/3)².
            let squares = 16.0 / 9 * (terms * part / 2 + terms * terms / part / 2)
            let bound = halfUlp * squares.squareRoot()
            atEveryLevel {
                var output = Guarded(count: layer.outputCount)
                let values = output.write { layer.convolve(&window, layer.weights, CK_LINEAR, into: $0) }
                let errors = zip(values, expected).map { (Double($0) - $1) * (Double($0) - $1) }
                let error = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
                #expect(error < bound, "the root mean square error is \(error)")
            }
        }

        /// Every function is what `ck_bias_activate` makes of the linear output; more pixels than a band, and a last band
        /// of few.
        @Test(arguments: 0..<10 as Range<UInt32>)
        func activations(raw: UInt32) {
            let f = ck_activation(rawValue: raw)
            let w = ck_window(height: 12, width: 11, channels: 2, kernel: (3, 2))  // 10 × 10 outputs: 96 + 4
            let layer = Layer(w, filters: 9, seed: 21)
            var window = layer.window
            atEveryLevel {
                func output(_ f: ck_activation) -> [Float] {
                    var output = Guarded(count: layer.outputCount)
                    return output.write {
                        layer.convolve(&window, layer.weights, f, 0.7, into: $0)
                    }
                }
                var expected = output(CK_LINEAR)
                ck_activate(expected, &expected, expected.count, f, 0.7)
                expectClose(output(f), expected.map(Double.init), absolute: 1e-7, relative: 1e-6)
            }
        }

        /// Packed weights and parts of the filters give the bits of the whole.
        @Test(arguments: convolutionWindows + volumeWindows, [16, 48, 128])
        func packed(w: ck_window, filters: Int) {
            let layer = Layer(w, filters: filters, seed: 24)
            var window = layer.window
            for f in [CK_LINEAR, CK_RELU, CK_TANH] {
                atEveryLevel {
                    var whole = Guarded(count: layer.outputCount)
                    let expected = whole.write { layer.convolve(&window, layer.weights, f, into: $0) }
                    for (weights, isPacked) in [(layer.weights, false), (layer.packedWeights, true)] {
                        var parts = Guarded(count: layer.outputCount)
                        let values = parts.write { output in
                            for first in stride(from: 0, to: filters, by: 48) {
                                layer.convolve(
                                    &window,
                                    weights,
                                    isPacked: isPacked,
                                    only: first..<min(first + 48, filters),
                                    f,
                                    into: output
                                )
                            }
                        }
                        #expect(values == expected)
                    }
                }
            }
        }

        @Test func aNotANumberStaysOne() {
            let window = ck_window(height: 4, width: 4, channels: 1, kernel: (3, 3))
            let layer = Layer(window, filters: 20, seed: 25, notANumberAt: 5)
            atEveryLevel {
                var output = Guarded(count: layer.outputCount)
                var window = layer.window
                let values = output.write { layer.convolve(&window, layer.weights, CK_RELU, into: $0) }
                #expect(values.allSatisfy { $0.isNaN })
            }
        }

        @Test(arguments: convolutionWindows + volumeWindows, filterCounts)
        func backward(w: ck_window, filters: Int) {
            let layer = Layer(w, filters: filters, seed: 22)
            var window = layer.window
            var numbers = Numbers(23)
            let upstream = numbers.floats(layer.outputCount)
            let output = numbers.floats(layer.outputCount)
            let (oldWeights, oldBias) = (numbers.floats(layer.weights.count), numbers.floats(filters))
            for f in [CK_LINEAR, CK_RELU] {
                let gradient = zip(upstream, output).map { f == CK_RELU && $1 <= 0 ? 0 : Double($0) }
                var dWeights = oldWeights.map(Double.init), dBias = oldBias.map(Double.init)
                for (pixel, row) in layer.matrix.enumerated() {
                    for filter in 0..<filters {
                        let g = gradient[pixel * filters + filter]
                        dBias[filter] += g
                        for (element, x) in row.enumerated() { dWeights[element * filters + filter] += x * g }
                    }
                }
                atEveryLevel {
                    var d = (Guarded(upstream), Guarded(oldWeights), Guarded(oldBias))
                    var weights: [Float] = [], bias: [Float] = []
                    let dOutput = d.0.write { dOutput in
                        weights = d.1.write { dWeights in
                            bias = d.2.write { dBias in
                                output.withUnsafeBufferPointer { output in
                                    ck_direct_convolution_backward(
                                        layer.image,
                                        &window,
                                        f == CK_LINEAR ? nil : output.baseAddress,
                                        dOutput,
                                        filters,
                                        f,
                                        0,
                                        dWeights,
                                        dBias
                                    )
                                }
                            }
                        }
                    }
                    let absolute = error(terms: layer.matrix.count)
                    expectClose(dOutput, gradient, "gradient of the output")
                    expectClose(weights, dWeights, absolute: absolute, "gradient of the weights")
                    expectClose(bias, dBias, absolute: absolute, "gradient of the bias")
                    // Without a bias: the same bits.
                    var (other, again) = (Guarded(upstream), Guarded(oldWeights))
                    _ = other.write { dOutput in
                        let weightsAgain = again.write { dWeights in
                            ck_direct_convolution_backward(
                                layer.image,
                                &window,
                                output,
                                dOutput,
                                filters,
                                f,
                                0,
                                dWeights,
                                nil
                            )
                        }
                        #expect(weightsAgain == weights)
                    }
                }
            }
        }
    }
}
