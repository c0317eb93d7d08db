import CKernels
import Testing

/// The windows of other tests with other numbers of channels, and all padding rules that a border can meet.
private let windows: [ck_window] = convolutionWindows.flatMap { w in
    [1, 3, 4, 8, 13, 16, 20, 33].map { channels in
        var window = w
        window.channels = channels
        window.pixel_stride = channels
        return window
    }
}

extension Kernels {
    struct DepthwiseConvolution {
        /// One layer in double, position by position.
        private struct Layer {
            let window: ck_window
            let image: [Float], weights: [Float], bias: [Float]
            let output: [Float], upstream: [Float]

            init(_ w: ck_window, seed: UInt64) {
                var numbers = Numbers(seed)
                window = w
                image = numbers.floats(w.height * w.width * w.channels)
                weights = numbers.floats(w.kernel_height * w.kernel_width * w.channels)
                bias = numbers.floats(w.channels)
                output = numbers.floats(w.outputs * w.channels)
                upstream = numbers.floats(w.outputs * w.channels)
            }

            /// Calls `body` with the places of input, weight and output of every product.
            func forEachProduct(_ body: (Int, Int, Int) -> Void) {
                let w = window
                for row in 0..<w.output_height {
                    for column in 0..<w.output_width {
                        for ky in 0..<w.kernel_height {
                            for kx in 0..<w.kernel_width {
                                guard let pixel = w.pixel(row, column, ky, kx) else { continue }
                                for c in 0..<w.channels {
                                    body(
                                        pixel * w.channels + c,
                                        (ky * w.kernel_width + kx) * w.channels + c,
                                        (row * w.output_width + column) * w.channels + c
                                    )
                                }
                            }
                        }
                    }
                }
            }
        }

        /// The rounding of a sum of products of numbers up to 2.
        private func error(terms: Int) -> Double { 16 * halfUlp * Double(terms + 1) }

        @Test(arguments: windows)
        func forward(w: ck_window) {
            var window = w
            let layer = Layer(w, seed: 30)
            for hasBias in [true, false] {
                var linear = (0..<layer.output.count).map {
                    hasBias ? Double(layer.bias[$0 % w.channels]) : 0
                }
                layer.forEachProduct { linear[$2] += Double(layer.image[$0]) * Double(layer.weights[$1]) }
                let absolute = error(terms: w.kernel_height * w.kernel_width)
                atEveryLevel {
                    func output(_ f: ck_activation) -> [Float] {
                        var output = Guarded(count: layer.output.count)
                        return output.write {
                            ck_depthwise_convolution(
                                layer.image,
                                &window,
                                layer.weights,
                                hasBias ? layer.bias : nil,
                                f,
                                0.25,
                                $0
                            )
                        }
                    }
                    expectClose(output(CK_LINEAR), linear, absolute: absolute, "linear")
                    expectClose(output(CK_RELU), linear.map { max($0, 0) }, absolute: absolute, "ReLU")
                    expectClose(
                        output(CK_LEAKY_RELU),
                        linear.map { $0 > 0 ? $0 : 0.25 * $0 },
                        absolute: absolute,
                        "leaky ReLU"
                    )
                }
            }
        }

        @Test(arguments: windows)
        func gradientOfTheWeights(w: ck_window) {
            var window = w
            let layer = Layer(w, seed: 31)
            var numbers = Numbers(32)
            let (oldWeights, oldBias) = (numbers.floats(layer.weights.count), numbers.floats(w.channels))
            for f in [CK_LINEAR, CK_RELU] {
                let gradient = zip(layer.upstream, layer.output).map {
                    f == CK_RELU && $1 <= 0 ? 0 : Double($0)
                }
                var dWeights = oldWeights.map(Double.init), dBias = oldBias.map(Double.init)
                for (place, g) in gradient.enumerated() { dBias[place % w.channels] += g }
                layer.forEachProduct { dWeights[$1] += Double(layer.image[$0]) * gradient[$2] }
                atEveryLevel {
                    func run(hasBias: Bool) -> (dOutput: [Float], weights: [Float], bias: [Float]) {
                        var d = (Guarded(layer.upstream), Guarded(oldWeights), Guarded(oldBias))
                        var weights: [Float] = [], bias: [Float] = []
                        let dOutput = d.0.write { dOutput in
                            weights = d.1.write { dWeights in
                                bias = d.2.write { dBias in
                                    layer.output.withUnsafeBufferPointer { output in
                                        ck_depthwise_convolution_backward_weights(
                                            layer.image,
                                            &window,
                                            f == CK_LINEAR ? nil : output.baseAddress,
                                            dOutput,
                                            f,
                                            0,
                                            dWeights,
                                            hasBias ? dBias : nil
                                        )
                                    }
                                }
                            }
                        }
                        return (dOutput, weights, bias)
                    }
                    let found = run(hasBias: true)
                    let absolute = error(terms: w.outputs)
                    expectClose(found.dOutput, gradient, "gradient of the output")
                    expectClose(found.weights, dWeights, absolute: absolute, "gradient of the weights")
                    expectClose(found.bias, dBias, absolute: absolute, "gradient of the bias")
                    let without = run(hasBias: false)
                    #expect(without.weights == found.weights)
                    #expect(without.bias == oldBias)
                }
            }
        }

        @Test(arguments: windows)
        func gradientOfTheImage(w: ck_window) {
            var window = w
            let layer = Layer(w, seed: 33)
            var expected = Array(repeating: 0.0, count: layer.image.count)
            layer.forEachProduct { expected[$0] += Double(layer.weights[$1]) * Double(layer.upstream[$2]) }
            atEveryLevel {
                var image = Guarded(count: expected.count)
                let found = image.write {
                    ck_depthwise_convolution_backward_image(layer.upstream, &window, layer.weights, $0)
                }
                expectClose(found, expected, absolute: error(terms: w.kernel_height * w.kernel_width))
            }
        }

        @Test(arguments: channelCounts, [1, 2, 5])
        func repeatedChannels(channels: Int, count: Int) {
            var numbers = Numbers(34)
            let x = numbers.floats(3 * channels)
            let y = x.flatMap { Array(repeating: $0, count: count) }
            atEveryLevel {
                var repeated = Guarded(count: y.count), summed = Guarded(count: x.count)
                let repeatedResult = repeated.write { ck_repeat_channels(x, 3, channels, count, $0) }
                #expect(repeatedResult == y)
                let sum = summed.write { ck_sum_repeats(y, 3, channels, count, $0) }
                expectClose(sum, x.map { Double($0) * Double(count) }, relative: 4 * halfUlp)
            }
        }
    }
}
