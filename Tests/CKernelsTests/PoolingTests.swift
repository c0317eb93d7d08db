import CKernels
import Testing

private let poolingWindows: [ck_window] = channelCounts.flatMap { c in
    [
        ck_window(height: 8, width: 6, channels: c, kernel: (2, 2), stride: (2, 2)),
        // A row and a column left over.
        ck_window(height: 11, width: 13, channels: c, kernel: (2, 2), stride: (2, 2)),
        // Clipped at the end.
        ck_window(height: 5, width: 7, channels: c, kernel: (2, 2), stride: (2, 2), extraPad: 1),
        ck_window(height: 7, width: 8, channels: c, kernel: (3, 2), stride: (3, 2)),
        ck_window(height: 7, width: 7, channels: c, kernel: (3, 3), stride: (2, 2), pad: (1, 1)),
        ck_window(height: 5, width: 4, channels: c, kernel: (2, 3), stride: (1, 1)),
        // Gaps between the windows.
        ck_window(height: 9, width: 9, channels: c, kernel: (2, 2), stride: (3, 4)),
        ck_window(height: 4, width: 5, channels: c, kernel: (4, 5), stride: (1, 1)),
        ck_window(height: 1, width: 1, channels: c, kernel: (1, 1), stride: (1, 1)),
        // Several planes.
        ck_window(height: 4, width: 6, channels: c, kernel: (2, 2), stride: (2, 2))
            .over(depth: 5, kernel: 2, stride: 2),
        ck_window(height: 4, width: 3, channels: c, kernel: (3, 2), pad: (1, 0))
            .over(depth: 4, kernel: 3, stride: 2, pad: 1),
    ]
}

extension Kernels {
    struct Pooling {
        /// The places of the window in the image, as (place, pixel).
        private func places(_ w: ck_window, _ output: Int) -> [(Int, Int)] {
            (0..<w.positions).compactMap { position in w.pixel(output, position).map { (position, $0) } }
        }

        private func referenceMaximum(_ image: [Float], _ w: ck_window) -> (values: [Float], index: [UInt16])
        {
            var values: [Float] = []
            var index: [UInt16] = []
            for output in 0..<w.outputs {
                for c in 0..<w.channels {
                    let candidates = places(w, output).map { ($0.0, image[$0.1 * w.channels + c]) }
                    var best = candidates[0]
                    if let nan = candidates.first(where: { $0.1.isNaN }) {
                        best = nan
                    } else {
                        for candidate in candidates where candidate.1 > best.1 { best = candidate }
                    }
                    values.append(best.1)
                    index.append(UInt16(best.0))
                }
            }
            return (values, index)
        }

        private func same(_ a: [Float], _ b: [Float]) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
        }

        private func expectMaximum(_ image: [Float], _ w: ck_window) {
            var window = w
            let expected = referenceMaximum(image, w)
            let count = expected.values.count
            atEveryLevel {
                var index = [UInt16](repeating: 999, count: count + 16)
                var output = Guarded(count: count)
                let values = output.write { ck_max_pool(image, &window, $0, &index) }
                #expect(same(values, expected.values), "\(w)")
                #expect(Array(index.prefix(count)) == expected.index, "\(w)")
                #expect(index.suffix(16).allSatisfy { $0 == 999 })
                var without = Guarded(count: count)
                let withoutResult = without.write { ck_max_pool(image, &window, $0, nil) }
                #expect(same(withoutResult, expected.values), "\(w)")
            }
        }

        @Test func maximumIsTheLargestOfTheWindowWithItsPlace() {
            var numbers = Numbers(20)
            for w in poolingWindows { expectMaximum(numbers.floats(w.pixels * w.channels), w) }
        }

        @Test func theFirstOfEqualsWins() {
            var numbers = Numbers(21)
            for w in poolingWindows {
                // Three different values only, so that ties are everywhere, and -0 against 0.
                expectMaximum(numbers.floats(w.pixels * w.channels).map { ($0 * 0.7).rounded() }, w)
            }
        }

        @Test func aNaNWinsWhereverItStands() {
            var numbers = Numbers(22)
            for w in poolingWindows {
                let image = numbers.floats(w.pixels * w.channels).map { $0 > 1 ? Float.nan : $0 }
                expectMaximum(image, w)
            }
        }

        @Test func negativeValuesBeatThePadding() {
            for w in poolingWindows {
                expectMaximum([Float](repeating: -3, count: w.pixels * w.channels), w)
            }
        }

        @Test func gradientOfTheMaximumGoesToThePlaceThatWon() {
            var numbers = Numbers(23)
            for w in poolingWindows {
                var window = w
                let image = numbers.floats(w.pixels * w.channels)
                let index = referenceMaximum(image, w).index
                let dy = numbers.floats(index.count)
                var expected = [Double](repeating: 0, count: image.count)
                for output in 0..<w.outputs {
                    for c in 0..<w.channels {
                        let i = output * w.channels + c
                        for (place, pixel) in places(w, output) where place == Int(index[i]) {
                            expected[pixel * w.channels + c] += Double(dy[i])
                        }
                    }
                }
                atEveryLevel {
                    // Begins with garbage: the kernel has to clear what it does not write.
                    var dx = Guarded(count: image.count)
                    // At most 9 windows meet in a pixel.
                    let out = dx.write { ck_max_pool_backward(dy, index, &window, $0) }
                    expectClose(out, expected, absolute: 9 * 18 * halfUlp, "\(w)")
                }
            }
        }

        @Test func averageCountsOnlyTheValuesInTheImage() {
            var numbers = Numbers(24)
            for w in poolingWindows {
                var window = w
                let image = numbers.floats(w.pixels * w.channels)
                var expected: [Double] = []
                for output in 0..<w.outputs {
                    for c in 0..<w.channels {
                        let values = places(w, output).map { Double(image[$0.1 * w.channels + c]) }
                        expected.append(values.reduce(0, +) / Double(values.count))
                    }
                }
                atEveryLevel {
                    var y = Guarded(count: expected.count)
                    // 20 values of at most 2: each partial sum rounds at up to 40, the mean divides by 20.
                    expectClose(
                        y.write { ck_average_pool(image, &window, $0) },
                        expected,
                        absolute: 2e-6,
                        "\(w)"
                    )
                }
            }
        }

        @Test func gradientOfTheAverageIsSharedEvenly() {
            var numbers = Numbers(25)
            for w in poolingWindows {
                var window = w
                let dy = numbers.floats(w.outputs * w.channels)
                var expected = [Double](repeating: 0, count: w.pixels * w.channels)
                for output in 0..<w.outputs {
                    let inside = places(w, output)
                    for c in 0..<w.channels {
                        for (_, pixel) in inside {
                            expected[pixel * w.channels + c] +=
                                Double(dy[output * w.channels + c]) / Double(inside.count)
                        }
                    }
                }
                atEveryLevel {
                    var dx = Guarded(count: expected.count)
                    let out = dx.write { ck_average_pool_backward(dy, &window, $0) }
                    expectClose(out, expected, absolute: 2e-6, "\(w)")
                }
            }
        }

        @Test func anOutputOfAdaptivePoolingCoversItsShare() {
            var numbers = Numbers(27)
            for (size, count) in [(1, 1), (7, 3), (8, 4), (5, 5), (3, 5), (9, 1)] {
                for channels in channelCounts {
                    // The shares of the columns; rows and planes are whole.
                    let shares = (0..<count).map { i in
                        (i * size / count)..<Int((Double((i + 1) * size) / Double(count)).rounded(.up))
                    }
                    var w = ck_window(height: 2, width: size, channels: channels, kernel: (2, size))
                        .over(depth: 2, kernel: 2)
                    (w.output_depth, w.output_height, w.output_width) = (1, 1, count)
                    w.kernel_width = shares.map(\.count).max() ?? 0
                    let image = numbers.floats(w.pixels * channels), dy = numbers.floats(count * channels)
                    var largest: [Float] = [], means: [Double] = []
                    var spread = [Double](repeating: 0, count: image.count), kept = spread
                    for (output, share) in shares.enumerated() {
                        for c in 0..<channels {
                            let places = (0..<4).flatMap { row in
                                share.map { (row * size + $0) * channels + c }
                            }
                            let best = places.max { image[$0] < image[$1] } ?? 0
                            largest.append(image[best])
                            means.append(
                                places.reduce(0) { $0 + Double(image[$1]) } / Double(places.count)
                            )
                            let gradient = Double(dy[output * channels + c])
                            kept[best] += gradient
                            for place in places { spread[place] += gradient / Double(places.count) }
                        }
                    }
                    atEveryLevel {
                        var index = [UInt16](repeating: 0, count: count * channels)
                        var y = Guarded(count: largest.count), mean = Guarded(count: means.count)
                        let maxima = y.write { ck_adaptive_max_pool(image, &w, $0, &index) }
                        #expect(maxima == largest)
                        // As of the windows above: sums of some tens of values of at most 2.
                        let average = mean.write { ck_adaptive_average_pool(image, &w, $0) }
                        expectClose(average, means, absolute: 2e-6)
                        var dx = Guarded(count: image.count), dm = Guarded(count: image.count)
                        let back = dx.write { ck_adaptive_max_pool_backward(dy, index, &w, $0) }
                        expectClose(back, kept, absolute: 2e-6)
                        let shared = dm.write { ck_adaptive_average_pool_backward(dy, &w, $0) }
                        expectClose(shared, spread, absolute: 2e-6)
                    }
                }
            }
        }

        @Test func aWindowWhollyInThePaddingGivesZero() {
            // The output is larger than the image demands: the last row and column see nothing.
            var w = ck_window(height: 2, width: 2, channels: 5, kernel: (2, 2), stride: (2, 2))
            (w.output_height, w.output_width) = (2, 2)
            let image = [Float](repeating: -1, count: 20)
            atEveryLevel {
                var index = [UInt16](repeating: 9, count: 20)
                var y = Guarded(count: 20)
                let values = y.write { ck_max_pool(image, &w, $0, &index) }
                #expect(values == Array(repeating: -1, count: 5) + Array(repeating: 0, count: 15))
                var mean = Guarded(count: 20)
                let meanResult = mean.write { ck_average_pool(image, &w, $0) }
                #expect(meanResult == values)
                var dx = Guarded(count: 20)
                let dy = [Float](repeating: 1, count: 20)
                let gradient = dx.write { ck_max_pool_backward(dy, index, &w, $0) }
                #expect(gradient == Array(repeating: 1, count: 5) + Array(repeating: 0, count: 15))
                var dm = Guarded(count: 20)
                let shared = dm.write { ck_average_pool_backward(dy, &w, $0) }
                #expect(shared == Array(repeating: 0.25, count: 20))
            }
        }

        @Test func columnMaximumNamesTheFirstRowAndLetsNaNWin() {
            var numbers = Numbers(26)
            for channels in channelCounts {
                for rows in [1, 2, 17] {
                    for withNaN in [false, true] {
                        let x = numbers.floats(rows * channels).map { v -> Float in
                            withNaN && v > 1.5 ? .nan : (v * 2).rounded()
                        }
                        var w = ck_window(height: rows, width: 1, channels: channels, kernel: (rows, 1))
                        w.output_height = 1
                        let expected = referenceMaximum(x, w)
                        atEveryLevel {
                            var index = [Int32](repeating: -1, count: channels)
                            var y = Guarded(count: channels)
                            let yResult = y.write { ck_column_max(x, rows, channels, $0, &index) }
                            #expect(same(yResult, expected.values))
                            #expect(index == expected.index.map(Int32.init))
                            var z = Guarded(count: channels)
                            let zResult = z.write { ck_column_max(x, rows, channels, $0, nil) }
                            #expect(same(zResult, expected.values))
                        }
                    }
                }
            }
        }

        @Test func equalLargestValuesShareTheGradient() {
            var numbers = Numbers(12)
            for channels in channelCounts + [16, 17, 20] {
                for rows in [1, 2, 7, 40] {
                    // Few different values, so that many are equal.
                    let x = numbers.floats(rows * channels).map { ($0 * 2).rounded() }
                    let dy = numbers.floats(channels)
                    var largest = [Float](repeating: 0, count: channels)
                    ck_column_max(x, rows, channels, &largest, nil)
                    let expected = (0..<(rows * channels)).map { place in
                        let channel = place % channels
                        let count = (0..<rows).count { x[$0 * channels + channel] == largest[channel] }
                        return x[place] == largest[channel] ? dy[channel] / Float(count) : 0
                    }
                    atEveryLevel {
                        var dx = Guarded(count: rows * channels)
                        let result = dx.write { ck_column_max_backward(x, largest, dy, rows, channels, $0) }
                        #expect(same(result, expected))
                    }
                }
            }
        }
    }
}
