import CKernels
import Testing

/// Sizes that tiles of 2 and 4 fill or overhang, padding on no, one and both sides, channels around a chunk (64).
private let winogradWindows: [ck_window] = [
    ck_window(height: 3, width: 3, channels: 1, kernel: (3, 3)),
    ck_window(height: 6, width: 6, channels: 4, kernel: (3, 3)),
    ck_window(height: 7, width: 9, channels: 3, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 13, width: 13, channels: 5, kernel: (3, 3)),
    ck_window(height: 1, width: 5, channels: 2, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 8, width: 5, channels: 65, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 4, width: 4, channels: 130, kernel: (3, 3), pad: (2, 2)),
]

extension Kernels {
    @Suite struct WinogradTransforms {
        /// One window, one size of tiles, and a number of filters.
        struct Case: CustomStringConvertible, Sendable {
            let window: ck_window
            let tile: Int
            let filters: Int

            var side: Int { tile + 2 }
            var places: Int { side * side }
            var tiles: Int {
                ((window.output_height + tile - 1) / tile) * ((window.output_width + tile - 1) / tile)
            }
            var inputCount: Int { window.height * window.width * window.channels }
            var outputCount: Int { window.outputs * filters }
            var inputPlane: Int { tiles * window.channels }
            var outputPlane: Int { tiles * filters }

            var description: String {
                "\(window.height)×\(window.width)×\(window.channels)→\(filters), padding \(window.pad_top), tile \(tile)"
            }
        }

        static let cases = winogradWindows.enumerated().flatMap { index, window in
            [2, 4].map { Case(window: window, tile: $0, filters: [1, 7, 16, 70][index % 4]) }
        }

        private func dot(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }

        private func inputs(_ c: Case, _ image: [Float]) -> [Float] {
            var window = c.window
            var out = Guarded(count: c.places * c.inputPlane)
            return out.write { ck_winograd_input(image, &window, c.tile, 0, c.tiles, c.inputPlane, $0) }
        }

        private func outputs(_ c: Case, _ products: [Float]) -> [Float] {
            var window = c.window
            var out = Guarded(count: c.outputCount)
            return out.write {
                ck_winograd_output(products, &window, c.filters, c.tile, 0, c.tiles, c.outputPlane, $0)
            }
        }

        private func kernels(_ c: Case, _ kernel: [Float]) -> [Float] {
            let count = c.window.channels * c.filters
            var out = Guarded(count: c.places * count)
            return out.write { ck_winograd_kernel(kernel, count, c.tile, count, count, $0) }
        }

        @Test("The three transforms and the products between them make a convolution", arguments: cases)
        func makeAConvolution(c: Case) {
            var numbers = Numbers(20)
            let w = c.window, channels = w.channels
            let image = numbers.floats(c.inputCount), kernel = numbers.floats(9 * channels * c.filters)
            var expected: [Double] = []
            for row in 0..<w.output_height {
                for column in 0..<w.output_width {
                    for f in 0..<c.filters {
                        var sum = 0.0
                        for k in 0..<9 {
                            guard let pixel = w.pixel(row, column, k / 3, k % 3) else { continue }
                            for channel in 0..<channels {
                                sum +=
                                    Double(image[pixel * channels + channel])
                                    * Double(kernel[(k * channels + channel) * c.filters + f])
                            }
                        }
                        expected.append(sum)
                    }
                }
            }
            let largest = expected.map(\.magnitude).max() ?? 1
            atEveryLevel {
                let v = inputs(c, image), u = kernels(c, kernel)
                var products = [Float](repeating: 0, count: c.places * c.outputPlane)
                for place in 0..<c.places {
                    for tile in 0..<c.tiles {
                        for f in 0..<c.filters {
                            var sum = 0.0
                            for channel in 0..<channels {
                                sum +=
                                    Double(v[place * c.inputPlane + tile * channels + channel])
                                    * Double(u[(place * channels + channel) * c.filters + f])
                            }
                            products[place * c.outputPlane + tile * c.filters + f] = Float(sum)
                        }
                    }
                }
                // F(4×4) multiplies values by up to 100 in all before they cancel; F(2×2) by up to 9.
                expectClose(outputs(c, products), expected, absolute: (c.tile == 4 ? 2e-5 : 2e-6) * largest)
            }
        }

        @Test(arguments: cases)
        func theGradientsAreTheAdjoints(c: Case) {
            var numbers = Numbers(21)
            var window = c.window
            let count = c.window.channels * c.filters
            let image = numbers.floats(c.inputCount), output = numbers.floats(c.outputCount)
            let kernel = numbers.floats(9 * count)
            let inputProducts = numbers.floats(c.places * c.inputPlane)
            let outputProducts = numbers.floats(c.places * c.outputPlane)
            let kernelProducts = numbers.floats(c.places * count)
            func expectSame(_ left: Double, _ right: Double, terms: Int, _ what: String) {
                // Sums of random signs: of the size of the root of their number, times the factors of a transform.
                #expect((left - right).magnitude <= 1e-4 * Double(terms).squareRoot() * 4, "\(what)")
            }
            atEveryLevel {
                var dImage = Guarded([Float](repeating: 0, count: image.count))
                let back = dImage.write {
                    ck_winograd_input_backward(inputProducts, &window, c.tile, 0, c.tiles, c.inputPlane, $0)
                }
                expectSame(
                    dot(inputs(c, image), inputProducts),
                    dot(image, back),
                    terms: inputProducts.count,
                    "input"
                )
                var dProducts = Guarded(count: outputProducts.count)
                let backOutput = dProducts.write {
                    ck_winograd_output_backward(
                        output,
                        &window,
                        c.filters,
                        c.tile,
                        0,
                        c.tiles,
                        c.outputPlane,
                        $0
                    )
                }
                expectSame(
                    dot(outputs(c, outputProducts), output),
                    dot(outputProducts, backOutput),
                    terms: outputProducts.count,
                    "output"
                )
                for accumulate in [Int32(0), 1] {
                    var dKernel = Guarded(
                        [Float](repeating: accumulate == 1 ? 0.5 : .nan, count: kernel.count)
                    )
                    let backKernel = dKernel.write {
                        ck_winograd_kernel_backward(
                            kernelProducts,
                            count,
                            c.tile,
                            count,
                            count,
                            accumulate,
                            $0
                        )
                    }
                    let sum = accumulate == 1 ? kernel.reduce(0) { $0 + 0.5 * Double($1) } : 0
                    expectSame(
                        dot(kernels(c, kernel), kernelProducts),
                        dot(kernel, backKernel) - sum,
                        terms: kernelProducts.count,
                        "kernel"
                    )
                }
            }
        }

        @Test(arguments: cases)
        func anyRunOfTilesIsThatPartOfTheWhole(c: Case) {
            var numbers = Numbers(22)
            var window = c.window
            let image = numbers.floats(c.inputCount)
            let products = numbers.floats(c.places * c.outputPlane)
            atEveryLevel {
                let whole = inputs(c, image), wholeOutput = outputs(c, products)
                var parts = [Float](repeating: .nan, count: whole.count)
                var partsOutput = [Float](repeating: .nan, count: wholeOutput.count)
                let channels = c.window.channels
                for first in stride(from: 0, to: c.tiles, by: 2) {
                    let count = min(2, c.tiles - first)
                    parts.withUnsafeMutableBufferPointer {
                        guard let base = $0.baseAddress else { return }
                        ck_winograd_input(
                            image,
                            &window,
                            c.tile,
                            first,
                            count,
                            c.inputPlane,
                            base + first * channels
                        )
                    }
                    products.withUnsafeBufferPointer {
                        guard let base = $0.baseAddress else { return }
                        ck_winograd_output(
                            base + first * c.filters,
                            &window,
                            c.filters,
                            c.tile,
                            first,
                            count,
                            c.outputPlane,
                            &partsOutput
                        )
                    }
                }
                #expect(parts == whole)
                #expect(partsOutput == wholeOutput)
            }
        }
    }
}
