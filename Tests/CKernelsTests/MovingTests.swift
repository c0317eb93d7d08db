import CKernels
import Testing

extension Kernels {
    struct Moving {
        /// Loops, and whether the innermost ones are a transpose, runs, repeats or anything else.
        static let loops: [[ck_loop]] = [
            [ck_loop(count: 1, input: 1, output: 1)],
            [ck_loop(count: 200, input: 1, output: 1)],
            [ck_loop(count: 13, input: -1, output: 1)],
            [ck_loop(count: 9, input: 1, output: 2), ck_loop(count: 2, input: 0, output: 1)],
            [ck_loop(count: 17, input: 1, output: 19), ck_loop(count: 19, input: 17, output: 1)],
            [
                ck_loop(count: 3, input: 70, output: 280), ck_loop(count: 2, input: 0, output: 140),
                ck_loop(count: 2, input: 0, output: 70), ck_loop(count: 70, input: 1, output: 1),
            ],
            [
                ck_loop(count: 2, input: 0, output: 120), ck_loop(count: 3, input: 20, output: 40),
                ck_loop(count: 2, input: 0, output: 20), ck_loop(count: 4, input: 5, output: 5),
                ck_loop(count: 5, input: 1, output: 1),
            ],
            [
                ck_loop(count: 4, input: 1, output: 30), ck_loop(count: 5, input: 24, output: 6),
                ck_loop(count: 6, input: 4, output: 1),
            ],
            [ck_loop(count: 7, input: 3, output: 14), ck_loop(count: 5, input: 30, output: 2)],
        ]

        /// Calls `body` with the element of the input and that of the output, turn after turn.
        private func forEachTurn(
            _ loops: ArraySlice<ck_loop>,
            _ from: Int,
            _ to: Int,
            _ body: (Int, Int) -> Void
        ) {
            guard let loop = loops.first else { return body(from, to) }
            for turn in 0..<loop.count {
                forEachTurn(
                    loops.dropFirst(),
                    from + turn * loop.input,
                    to + turn * loop.output,
                    body
                )
            }
        }

        @Test(arguments: [1, 2, 5, 16, 63, 64, 100, 513])
        func runs(count: Int) {
            var numbers = Numbers(51)
            let (runs, from, to) = (7, count + 3, count + 1)
            let x = numbers.floats((runs - 1) * from + count)
            var expected = [Float](repeating: 7, count: (runs - 1) * to + count)
            for run in 0..<runs {
                for place in 0..<count { expected[run * to + place] = x[run * from + place] }
            }
            atEveryLevel {
                var y = Guarded([Float](repeating: 7, count: expected.count))
                #expect(y.write { ck_copy_runs(x, from, $0, to, runs, count) } == expected)
            }
        }

        @Test(arguments: loops.indices)
        func copiesAndTheWayBack(index: Int) {
            let loops = Self.loops[index]
            // Where the loops begin, so that steps backwards stay inside.
            let start = loops.reduce(0) { $0 + max(0, -$1.input) * ($1.count - 1) }
            let inputCount = start + loops.reduce(1) { $0 + max(0, $1.input) * ($1.count - 1) }
            let outputCount = loops.reduce(1) { $0 + $1.output * ($1.count - 1) }
            var numbers = Numbers(50)
            let x = numbers.floats(inputCount), dy = numbers.floats(outputCount)
            var copy = [Float](repeating: 7, count: outputCount)
            var sums = [Double](repeating: 0, count: inputCount)
            var isRead = [Bool](repeating: false, count: inputCount)
            forEachTurn(loops[...], start, 0) { from, to in
                copy[to] = x[from]
                sums[from] += Double(dy[to])
                isRead[from] = true
            }
            atEveryLevel {
                var y = Guarded([Float](repeating: 7, count: outputCount))
                let copied = y.write { y in
                    x.withUnsafeBufferPointer {
                        ck_move($0.baseAddress.map { $0 + start }, y, loops, loops.count, loops[0].count)
                    }
                }
                #expect(copied == copy)
                for adds in [0, 1] as [Int32] {
                    var dx = Guarded([Float](repeating: 1, count: inputCount))
                    let found = dx.write {
                        ck_move_back(dy, $0 + start, loops, loops.count, loops[0].count, adds)
                    }
                    let expected = zip(sums, isRead).map { $1 ? $0 + Double(adds) : 1 }
                    // Sums of at most four numbers up to 2.
                    expectClose(found, expected, absolute: 32 * halfUlp)
                }
            }
        }

        @Test func partsOfTheFirstLoop() {
            let loops = [
                ck_loop(count: 6, input: 4, output: 1), ck_loop(count: 4, input: 1, output: 6),
            ]
            let x = (0..<24).map { Float($0) }
            var whole = [Float](repeating: 0, count: 24), parts = whole
            ck_move(x, &whole, loops, 2, 6)
            parts.withUnsafeMutableBufferPointer { parts in
                x.withUnsafeBufferPointer { x in
                    guard let from = x.baseAddress, let to = parts.baseAddress else { return }
                    ck_move(from, to, loops, 2, 2)
                    ck_move(from + 8, to + 2, loops, 2, 4)
                }
            }
            #expect(parts == whole)
        }

        @Test func borders() {
            // [1 + 2 + 0, 3, 0 + 2 + 1] around [2, 3, 2].
            let axes = [
                ck_border(before: 1, count: 2, after: 0, stride: 9),
                ck_border(before: 0, count: 3, after: 0, stride: 3),
                ck_border(before: 0, count: 2, after: 1, stride: 1),
            ]
            var y = Guarded([Float](repeating: 1, count: 27))
            let filled = y.write { ck_fill_border($0, axes, 3, 5) }
            let rows = (0..<6).flatMap { _ in [1, 1, 5] as [Float] }
            #expect(filled == Array(repeating: 5, count: 9) + rows)
        }

        @Test(arguments: channelCounts)
        func resizing(channels: Int) {
            let (rowStarts, rowWeights): ([Int32], [Float]) = ([0, 1, 1], [0.25, 0.75, 1, 0, 0.5, -0.5])
            let (columnStarts, columnWeights): ([Int32], [Float]) = (
                [0, 0, 1, 1, 1], [1, 0, 0, 0.5, 0.25, 0.25, 0, 0, 2, -1, 1, 1, 0.1, 0.2, 0.3]
            )
            var numbers = Numbers(51)
            let image = numbers.floats(3 * 4 * channels), gradient = numbers.floats(3 * 5 * channels)
            var output = [Double](repeating: 0, count: 15 * channels)
            var back = [Double](repeating: 0, count: 12 * channels)
            for i in 0..<3 {
                for j in 0..<5 {
                    for (k, l) in (0..<2).flatMap({ k in (0..<3).map { (k, $0) } }) {
                        let weight = Double(rowWeights[i * 2 + k]) * Double(columnWeights[j * 3 + l])
                        let pixel = (Int(rowStarts[i]) + k) * 4 + Int(columnStarts[j]) + l
                        for c in 0..<channels {
                            let place = (i * 5 + j) * channels + c
                            output[place] += weight * Double(image[pixel * channels + c])
                            back[pixel * channels + c] += weight * Double(gradient[place])
                        }
                    }
                }
            }
            rowStarts.withUnsafeBufferPointer { rowStarts in
                rowWeights.withUnsafeBufferPointer { rowWeights in
                    columnStarts.withUnsafeBufferPointer { columnStarts in
                        columnWeights.withUnsafeBufferPointer { columnWeights in
                            var rows = ck_resampling(
                                size: 3,
                                output: 3,
                                span: 2,
                                starts: rowStarts.baseAddress,
                                weights: rowWeights.baseAddress
                            )
                            var columns = ck_resampling(
                                size: 4,
                                output: 5,
                                span: 3,
                                starts: columnStarts.baseAddress,
                                weights: columnWeights.baseAddress
                            )
                            atEveryLevel {
                                var row = [Float](repeating: .nan, count: 4 * channels)
                                var y = Guarded(count: 15 * channels)
                                let found = y.write {
                                    ck_resize(image, &rows, &columns, channels, &row, $0)
                                }
                                // Six products of numbers up to 4.
                                expectClose(found, output, absolute: 64 * halfUlp)
                                var dx = Guarded([Float](repeating: 0, count: 12 * channels))
                                let added = dx.write {
                                    ck_resize_backward(gradient, &rows, &columns, channels, &row, $0)
                                }
                                expectClose(added, back, absolute: 256 * halfUlp)
                            }
                        }
                    }
                }
            }
        }

        @Test(arguments: channelCounts)
        func standardization(channels: Int) {
            var numbers = Numbers(52)
            let x = numbers.floats(5 * channels), shift = numbers.floats(channels)
            let scale = numbers.floats(channels)
            let expected = x.enumerated().map { place, value in
                (Double(value) - Double(shift[place % channels])) * Double(scale[place % channels])
            }
            atEveryLevel {
                var y = Guarded(count: x.count)
                expectClose(
                    y.write { ck_channel_standardize(x, $0, 5, channels, shift, scale) },
                    expected,
                    absolute: 16 * halfUlp
                )
            }
        }
    }
}
