import CKernels
import Foundation
import Testing

extension Kernels {
    /// What works on rows besides softmax: its relatives, the gated linear unit, normalisation.
    struct Rows {
        static let counts = [1, 2, 3, 10, 16, 17, 33, 1000]

        @Test(arguments: counts)
        func logSoftmax(channels: Int) {
            var numbers = Numbers(51)
            let rows = 4
            let x = numbers.floats(rows * channels, in: -20...20), dy = numbers.floats(rows * channels)
            let p = Softmax.reference(x, channels)
            var dx: [Double] = []
            for r in 0..<rows {
                let places = (r * channels)..<((r + 1) * channels)
                let sum = places.reduce(0) { $0 + Double(dy[$1]) }
                dx += places.map { Double(dy[$0]) - p[$0] * sum }
            }
            atEveryLevel {
                var y = Guarded(count: x.count), back = Guarded(count: x.count)
                let out = y.write { ck_log_softmax(x, $0, rows, channels) }
                // Of the size of the distance from the largest, up to 40.
                expectClose(out, p.map { log($0) }, absolute: 1e-5)
                let slopes = back.write { ck_log_softmax_backward(out, dy, $0, rows, channels) }
                expectClose(slopes, dx, absolute: 1e-4, relative: 1e-5)
            }
        }

        static func sparsemax(_ x: [Float]) -> [Double] {
            var sum = 0.0, tau = 0.0
            for (index, value) in x.map(Double.init).sorted(by: >).enumerated() {
                sum += value
                if value > (sum - 1) / Double(index + 1) { tau = (sum - 1) / Double(index + 1) }
            }
            return x.map { max(Double($0) - tau, 0) }
        }

        @Test(arguments: counts)
        func sparsemax(channels: Int) {
            var numbers = Numbers(52)
            let rows = 5
            let x = numbers.floats(rows * channels), dy = numbers.floats(rows * channels)
            var y: [Double] = [], dx: [Double] = []
            for r in 0..<rows {
                let places = (r * channels)..<((r + 1) * channels)
                let row = Self.sparsemax(Array(x[places]))
                let support = places.filter { row[$0 - places.lowerBound] > 0 }
                let mean = support.reduce(0) { $0 + Double(dy[$1]) } / Double(support.count)
                y += row
                dx += places.map { row[$0 - places.lowerBound] > 0 ? Double(dy[$0]) - mean : 0 }
            }
            atEveryLevel {
                var out = Guarded(count: x.count), back = Guarded(count: x.count)
                let values = out.write { ck_sparsemax(x, $0, rows, channels) }
                expectClose(values, y, absolute: 1e-6)
                let slopes = back.write { ck_sparsemax_backward(values, dy, $0, rows, channels) }
                expectClose(slopes, dx, absolute: 1e-6)
            }
        }

        @Test func sparsemaxKeepsNaNAndTakesLargeNumbers() {
            atEveryLevel {
                var y = [Float](repeating: 0, count: 6)
                ck_sparsemax([1e30, -1e30, 1e30, .nan, 1, 2], &y, 2, 3)
                #expect(Array(y[..<3]) == [0.5, 0, 0.5])
                #expect(y[3...].allSatisfy { $0.isNaN })
            }
        }

        @Test(arguments: counts)
        func glu(channels: Int) {
            var numbers = Numbers(53)
            let rows = 3
            let x = numbers.floats(2 * rows * channels, in: -8...8), dy = numbers.floats(rows * channels)
            var y: [Double] = [], dx = [Double](repeating: 0, count: x.count)
            for place in dy.indices {
                let a = place / channels * 2 * channels + place % channels, b = a + channels
                let s = 1 / (1 + exp(-Double(x[b])))
                y.append(Double(x[a]) * s)
                dx[a] = Double(dy[place]) * s
                dx[b] = Double(dy[place]) * Double(x[a]) * s * (1 - s)
            }
            atEveryLevel {
                var out = Guarded(count: dy.count), back = Guarded(count: x.count)
                expectClose(out.write { ck_glu(x, $0, rows, channels) }, y, absolute: 1e-6, relative: 1e-6)
                let slopes = back.write { ck_glu_backward(x, dy, $0, rows, channels) }
                expectClose(slopes, dx, absolute: 1e-6, relative: 1e-6)
            }
        }

        /// The sums of a row of 10,000 elements, in blocks, and those of short rows.
        @Test(arguments: [1, 3, 16, 33, 10_000], [true, false])
        func normalization(count: Int, isCentered: Bool) {
            var numbers = Numbers(54)
            let rows = 3
            let x = numbers.floats(rows * count, in: 9...11), dy = numbers.floats(rows * count)
            let gamma = numbers.floats(count), beta = numbers.floats(count)
            let n = ck_row_normalization(
                count: count,
                is_centered: isCentered ? 1 : 0,
                divisor: Double(count),
                epsilon: 1e-3,
                largest_inverse: .infinity
            )
            var y: [Double] = [], dx: [Double] = []
            var dGamma = [Double](repeating: 0, count: count), dBeta = dGamma
            for r in 0..<rows {
                let row = x[(r * count)..<((r + 1) * count)].map(Double.init)
                let d = dy[(r * count)..<((r + 1) * count)].map(Double.init)
                let mean = isCentered ? row.reduce(0, +) / Double(count) : 0
                let square = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
                let inverse = 1 / (square + 1e-3).squareRoot()
                let normal = row.map { ($0 - mean) * inverse }
                let g = d.indices.map { d[$0] * Double(gamma[$0]) }
                let ofG = isCentered ? g.reduce(0, +) / Double(count) : 0
                let ofProduct = zip(g, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
                y += normal.indices.map { normal[$0] * Double(gamma[$0]) + Double(beta[$0]) }
                dx += normal.indices.map { inverse * (g[$0] - ofG - normal[$0] * ofProduct) }
                for c in 0..<count {
                    dGamma[c] += d[c] * normal[c]
                    dBeta[c] += d[c]
                }
            }
            atEveryLevel {
                var out = Guarded(count: x.count), back = Guarded(count: x.count)
                var gammaSums = Guarded(Array(repeating: 0, count: count))
                var betaSums = Guarded(Array(repeating: 0, count: count))
                var moments = [Float](repeating: 0, count: 2 * rows)
                // Distances from a mean of 10, by a deviation of 0.6 (and 0.03, where a row is one element).
                let values = out.write { ck_normalize_rows(x, $0, rows, [n], gamma, beta, &moments) }
                expectClose(values, y, absolute: 4e-5)
                let slopes = back.write {
                    ck_normalize_rows_backward(x, dy, $0, rows, [n], gamma, moments, nil, nil)
                }
                expectClose(slopes, dx, absolute: 1e-3 * (count == 1 ? 1 : 0.1))
                let found = gammaSums.write {
                    ck_normalize_rows_backward(x, dy, nil, rows, [n], gamma, moments, $0, nil)
                }
                expectClose(found, dGamma, absolute: 1e-4)
                let others = betaSums.write {
                    ck_normalize_rows_backward(x, dy, nil, rows, [n], gamma, moments, nil, $0)
                }
                expectClose(others, dBeta, absolute: 1e-6)
            }
        }

        @Test func aRowWithoutLengthStaysFinite() {
            let n = ck_row_normalization(
                count: 3,
                is_centered: 0,
                divisor: 1,
                epsilon: 0,
                largest_inverse: 1e12
            )
            atEveryLevel {
                var y = [Float](repeating: 7, count: 3), dx = y, moments: [Float] = [0, 0]
                ck_normalize_rows([0, 0, 0], &y, 1, [n], nil, nil, &moments)
                #expect(y == [0, 0, 0] && moments == [0, 1e12])
                ck_normalize_rows_backward([0, 0, 0], [1, 2, 3], &dx, 1, [n], nil, moments, nil, nil)
                #expect(dx == [1e12, 2e12, 3e12])
            }
        }

        @Test(arguments: [1, 5, 16, 40])
        func matrixTimesVector(columns: Int) {
            var numbers = Numbers(55)
            let rows = 7
            let a = numbers.floats(rows * columns), x = numbers.floats(columns), z = numbers.floats(rows)
            let right = (0..<rows).map { r in
                (0..<columns).reduce(0.0) { $0 + Double(a[r * columns + $1]) * Double(x[$1]) }
            }
            let left = (0..<columns).map { c in
                (0..<rows).reduce(0.0) { $0 + Double(a[$1 * columns + c]) * Double(z[$1]) }
            }
            atEveryLevel {
                var y = Guarded(count: rows), w = Guarded(count: columns)
                expectClose(y.write { ck_matrix_vector(a, rows, columns, x, $0) }, right, absolute: 1e-5)
                expectClose(w.write { ck_vector_matrix(a, rows, columns, z, $0) }, left, absolute: 1e-5)
            }
        }
    }
}
