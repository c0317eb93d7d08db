import CKernels
import Testing

extension Kernels {
    struct Arithmetic {
        @Test(arguments: lengths)
        func elementwiseFunctionsAgreeWithDouble(count: Int) {
            var numbers = Numbers(30)
            let (x, y) = (numbers.floats(count), numbers.floats(count))
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
            let (dx, dy) = (x.map(Double.init), y.map(Double.init))
            let (a, b) = (Double(Float(1.7)), Double(Float(-0.3)))
            atEveryLevel {
                // Two roundings of numbers up to 4.
                let rounding = 8 * halfUlp
                var sum = Guarded(y)
                expectClose(sum.write { ck_add(x, $0, count) }, zip(dx, dy).map(+), absolute: rounding)
                var sumTo = Guarded(count: count)
                expectClose(
                    sumTo.write { ck_add_to(x, y, $0, count) },
                    zip(dx, dy).map(+),
                    absolute: rounding
                )
                var scaled = Guarded(y)
                expectClose(scaled.write { ck_scale($0, count, 1.7) }, dy.map { $0 * a }, absolute: rounding)
                var affine = Guarded(count: count)
                let apart = affine.write { ck_affine(x, $0, count, 1.7, -0.3) }
                expectClose(apart, dx.map { a * $0 + b }, absolute: rounding)
                var inPlace = Guarded(x)
                let inPlaceResult = inPlace.write { ck_affine($0, $0, count, 1.7, -0.3) }
                #expect(inPlaceResult == apart)
                var clipped = Guarded(x)
                let clippedResult = clipped.write { ck_clip($0, $0, count, -0.5, 1) }
                #expect(clippedResult == x.map { min(max($0, -0.5), 1) })
                var normalized = Guarded(count: count)
                expectClose(
                    normalized.write { ck_normalize_u8(bytes, $0, count, 1.7, -0.3) },
                    bytes.map { Double($0) * a + b },
                    absolute: 512 * halfUlp
                )
            }
        }

        @Test func clippingKeepsNaNAndLimitsInfinity() {
            atEveryLevel {
                let x = Array(repeating: [Float.nan, .infinity, -.infinity], count: 7).flatMap { $0 }
                var y = Guarded(count: x.count)
                expectClose(
                    y.write { ck_clip(x, $0, x.count, -1, 2) },
                    Array(repeating: [Double.nan, 2, -1], count: 7).flatMap { $0 }
                )
            }
        }

        @Test(arguments: [1, 3, 4, 5, 8, 10, 16, 31, 32, 33, 64, 100])
        func columnSumsAddRowsInOrder(channels: Int) {
            var numbers = Numbers(31)
            for rows in [0, 1, 2, 17, 300] {
                let x = numbers.floats(rows * channels)
                let start = numbers.floats(channels)
                for accumulate in [false, true] {
                    // The order is part of the contract, so plain float additions in that order give the same bits.
                    var expected = accumulate ? start : Array(repeating: 0, count: channels)
                    for r in 0..<rows {
                        for c in 0..<channels { expected[c] += x[r * channels + c] }
                    }
                    atEveryLevel {
                        var out = Guarded(start)
                        let outResult = out.write {
                            ck_column_sums(x, rows, channels, $0, accumulate ? 1 : 0)
                        }
                        #expect(outResult == expected)
                    }
                }
            }
        }

        @Test(arguments: lengths)
        func sumOfSquaresIsExactToDouble(count: Int) {
            var numbers = Numbers(32)
            let x = numbers.floats(count, in: -3e20...3e20)  // the squares overflow float
            let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
            var results: Set<Double> = []
            atEveryLevel {
                let sum = ck_sum_of_squares(x, count)
                #expect((sum - expected).magnitude <= 1e-13 * expected)
                results.insert(sum)
            }
            // Squares of floats are exact in double, FMA or not, and the lanes are the same at every level.
            #expect(results.count == 1)
        }

        @Test(arguments: [1, 3, 8, 17, 33, 1000, 1024, 2500])
        func oneValueThatIsNotFiniteIsFoundAnywhere(count: Int) {
            let extreme: [Float] = [
                .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0,
            ]
            var x = (0..<count).map { extreme[$0 % 4] }
            atEveryLevel {
                #expect(ck_all_finite(x, count) == 1)
                for place in [0, count / 2, count - 1] {
                    for bad in [Float.nan, -.nan, .signalingNaN, .infinity, -.infinity] {
                        let before = x[place]
                        x[place] = bad
                        #expect(ck_all_finite(x, count) == 0)
                        x[place] = before
                    }
                }
            }
            #expect(ck_all_finite(x, 0) == 1)
        }
    }

    struct Normalization {
        @Test(arguments: channelCounts + [4, 16, 31])
        func momentsKeepTheirDigitsWithALargeMean(channels: Int) {
            var numbers = Numbers(33)
            for rows in [1, 2, 17, 1000] {
                for offset: Float in [0, 10000] {
                    let x = numbers.floats(rows * channels).map { $0 + offset }
                    atEveryLevel {
                        var mean = [Double](repeating: 9, count: channels)
                        var m2 = mean
                        ck_channel_moments(x, rows, channels, &mean, &m2)
                        for c in 0..<channels {
                            let column = (0..<rows).map { Double(x[$0 * channels + c]) }
                            let m = column.reduce(0, +) / Double(rows)
                            let s = column.reduce(0) { $0 + ($1 - m) * ($1 - m) }
                            #expect((mean[c] - m).magnitude <= 1e-12 * max(1, m.magnitude))
                            #expect((m2[c] - s).magnitude <= 1e-9 * max(1, s))
                        }
                    }
                }
            }
        }

        @Test func momentsOfNoRowsAreZero() {
            atEveryLevel {
                var (mean, m2) = ([Double](repeating: 9, count: 17), [Double](repeating: 9, count: 17))
                ck_channel_moments([0], 0, 17, &mean, &m2)
                #expect(mean.allSatisfy { $0 == 0 } && m2.allSatisfy { $0 == 0 })
            }
        }

        @Test(arguments: channelCounts + [4, 16, 31])
        func affineAndGradientUseEachChannelsOwnCoefficients(channels: Int) {
            var numbers = Numbers(34)
            for rows in [0, 1, 17] {
                let n = rows * channels
                let (x, dy) = (numbers.floats(n), numbers.floats(n))
                let (a, b, d) = (numbers.floats(channels), numbers.floats(channels), numbers.floats(channels))
                let c = { $0 % channels }
                atEveryLevel {
                    let affine = x.indices.map { Double(x[$0]) * Double(a[c($0)]) + Double(b[c($0)]) }
                    var y = Guarded(x)
                    // Roundings of numbers up to 10.
                    let out = y.write { ck_channel_affine($0, $0, rows, channels, a, b) }
                    expectClose(out, affine, absolute: 32 * halfUlp)
                    var beside = Guarded(count: n)
                    let besideResult = beside.write { ck_channel_affine(x, $0, rows, channels, a, b) }
                    #expect(besideResult == out)
                    let gradient = x.indices.map {
                        Double(a[c($0)]) * Double(dy[$0]) + Double(b[c($0)]) * Double(x[$0])
                            + Double(d[c($0)])
                    }
                    var dx = Guarded(dy)
                    expectClose(
                        dx.write { ck_channel_gradient(x, $0, $0, rows, channels, a, b, d) },
                        gradient,
                        absolute: 48 * halfUlp
                    )
                }
            }
        }

        @Test(arguments: channelCounts + [4, 16, 31])
        func gradientSumsAgreeWithDouble(channels: Int) {
            var numbers = Numbers(35)
            for rows in [0, 1, 17, 1000] {
                let x = numbers.floats(rows * channels).map { $0 + 100 }
                let dy = numbers.floats(rows * channels)
                let mean = numbers.floats(channels).map { $0 + 100 }
                let inverse = numbers.floats(channels, in: 0.5...3)
                atEveryLevel {
                    var sum = [Double](repeating: 9, count: channels)
                    var product = sum
                    ck_channel_gradient_sums(x, dy, rows, channels, mean, inverse, &sum, &product)
                    for c in 0..<channels {
                        var (s, p) = (0.0, 0.0)
                        for r in 0..<rows {
                            let i = r * channels + c
                            s += Double(dy[i])
                            p += Double(dy[i]) * (Double(x[i]) - Double(mean[c])) * Double(inverse[c])
                        }
                        #expect((sum[c] - s).magnitude <= 1e-11)
                        #expect((product[c] - p).magnitude <= 1e-10)
                    }
                }
            }
        }
    }
}
