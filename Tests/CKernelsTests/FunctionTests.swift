import CKernels
import Foundation
import Testing

extension Kernels {
    /// Functions of one and of two operands, and reductions along rows and columns.
    struct Functions {
        private static let unary:
            [(ck_unary_function, @Sendable (Double) -> Double, @Sendable (Double) -> Double)] = [
                (CK_EXP, { exp($0) }, { exp($0) }), (CK_LOG, { log($0) }, { 1 / $0 }),
                (CK_SQRT, { $0.squareRoot() }, { 0.5 / $0.squareRoot() }),
                (CK_RSQRT, { 1 / $0.squareRoot() }, { -0.5 / ($0 * $0.squareRoot()) }),
                (CK_ABS, { abs($0) }, { $0 < 0 ? -1 : 1 }),
                (CK_SIN, { sin($0) }, { cos($0) }), (CK_COS, { cos($0) }, { -sin($0) }),
                (CK_SQUARE, { $0 * $0 }, { 2 * $0 }),
                (CK_RECIPROCAL, { 1 / $0 }, { -1 / ($0 * $0) }), (CK_SIGN, { $0 < 0 ? -1 : 1 }, { _ in 0 }),
            ]

        @Test(arguments: lengths)
        func unaryFunctionsAgreeWithDouble(count: Int) {
            var numbers = Numbers(60)
            let (plain, dy) = (numbers.floats(count, in: -9...9), numbers.floats(count))
            for (function, value, slope) in Self.unary {
                let needsPositive = [CK_LOG, CK_SQRT, CK_RSQRT].contains(function)
                let x = plain.map { needsPositive ? abs($0) + 0.01 : $0 }
                atEveryLevel {
                    var y = Guarded(count: count), dx = Guarded(count: count)
                    let values = y.write { ck_unary(x, $0, count, function) }
                    // A few last bits, and of the sine what is left of 2^-24 near a zero.
                    expectClose(
                        values,
                        x.map { value(Double($0)) },
                        absolute: halfUlp,
                        relative: 6 * halfUlp,
                        "\(function)"
                    )
                    let readsOutput = [CK_EXP, CK_SQRT, CK_RSQRT, CK_RECIPROCAL].contains(function)
                    expectClose(
                        dx.write { ck_unary_backward(readsOutput ? values : x, dy, $0, count, function) },
                        zip(x, dy).map { slope(Double($0)) * Double($1) },
                        absolute: 4 * halfUlp,
                        relative: 24 * halfUlp,
                        "derivative of \(function)"
                    )
                }
            }
        }

        @Test func logarithmsOfAllSizes() {
            let x = (0..<4000).map { Float(pow(2, Double($0) / 16 - 125)) } + [0.99999, 1, 1.00001]
            let edges: [Float] = [0, -0.0, -1, .infinity, -.infinity, .nan, 1]
            atEveryLevel {
                var y = Guarded(count: x.count), other = Guarded(count: edges.count)
                expectClose(
                    y.write { ck_unary(x, $0, x.count, CK_LOG) },
                    x.map { log(Double($0)) },
                    relative: 4 * halfUlp
                )
                expectClose(
                    other.write { ck_unary(edges, $0, edges.count, CK_LOG) },
                    [-.infinity, -.infinity, .nan, .infinity, .nan, .nan, 0]
                )
            }
        }

        @Test func sinesFarOut() {
            var numbers = Numbers(61)
            let near = numbers.floats(1000, in: -1e6...1e6), far = numbers.floats(1000, in: -1e9...1e9)
            let edges: [Float] = [.infinity, -.infinity, .nan, 2e9, -1e30]
            atEveryLevel {
                for (function, value) in [(CK_SIN, { sin($0) }), (CK_COS, { cos($0) })]
                    as [(ck_unary_function, (Double) -> Double)]
                {
                    var y = Guarded(count: 1000), other = Guarded(count: edges.count)
                    let found = y.write { ck_unary(near, $0, 1000, function) }
                    expectClose(found, near.map { value(Double($0)) }, absolute: 2 * halfUlp)
                    // The two parts of pi / 2 are exact for fewer periods than these.
                    let farOut = y.write { ck_unary(far, $0, 1000, function) }
                    expectClose(farOut, far.map { value(Double($0)) }, absolute: 1e-6)
                    expectClose(
                        other.write { ck_unary(edges, $0, edges.count, function) },
                        edges.map { _ in .nan }
                    )
                }
            }
        }

        /// Ways of two operands to stretch over 3 rows: strides of rows and of columns.
        private static let strides: [((Int, Int32), (Int, Int32))] = [
            ((0, 1), (0, 1)), ((-1, 1), (0, 1)), ((-1, 1), (1, 0)), ((1, 0), (-1, 1)), ((-1, 1), (-1, 1)),
            ((0, 0), (-1, 1)),
            ((-1, 1), (0, 0)),
        ]

        @Test(arguments: [1, 3, 15, 16, 17, 33, 100])
        func binaryFunctionsAgreeWithDouble(columns: Int) {
            typealias Item = (
                ck_binary_function, @Sendable (Double, Double) -> Double,
                @Sendable (Double, Double) -> (Double, Double)
            )
            let functions: [Item] = [
                (CK_SUBTRACT, { $0 - $1 }, { _, _ in (1, -1) }), (CK_MULTIPLY, { $0 * $1 }, { ($1, $0) }),
                (CK_DIVIDE, { $0 / $1 }, { (1 / $1, -$0 / ($1 * $1)) }),
                (CK_MAXIMUM, { max($0, $1) }, { $0 >= $1 ? (1, 0) : (0, 1) }),
                (CK_MINIMUM, { min($0, $1) }, { $0 <= $1 ? (1, 0) : (0, 1) }),
                (CK_POWER, { pow($0, $1) }, { ($1 * pow($0, $1 - 1), pow($0, $1) * log($0)) }),
            ]
            let rows = 3, count = rows * columns
            var numbers = Numbers(62)
            let a = numbers.floats(count, in: 0.5...2), b = numbers.floats(count, in: 0.5...2)
            let dy = numbers.floats(count), start = numbers.floats(count)
            for (function, value, slopes) in functions {
                for (first, second) in Self.strides {
                    // -1 stands for a whole row.
                    let (aRow, bRow) = (first.0 < 0 ? columns : first.0, second.0 < 0 ? columns : second.0)
                    func place(_ row: Int, _ column: Int, _ stride: Int, _ step: Int32) -> Int {
                        row * stride + column * Int(step)
                    }
                    var expected = [Double](repeating: 0, count: count)
                    var sums = [[Double](repeating: 0, count: count), [Double](repeating: 0, count: count)]
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let i = place(row, column, aRow, first.1), j = place(row, column, bRow, second.1)
                            let (x, y) = (Double(a[i]), Double(b[j])), slope = slopes(x, y)
                            expected[row * columns + column] = value(x, y)
                            sums[0][i] += slope.0 * Double(dy[row * columns + column])
                            sums[1][j] += slope.1 * Double(dy[row * columns + column])
                        }
                    }
                    atEveryLevel {
                        var out = Guarded(count: count)
                        let found = out.write {
                            ck_binary(function, a, aRow, first.1, b, bRow, second.1, $0, rows, columns)
                        }
                        expectClose(found, expected, relative: 4 * halfUlp, "\(function)")
                        for operand in 0..<2 {
                            let stride = operand == 0 ? first : second
                            let isFull = stride.0 < 0 && stride.1 == 1
                            for accumulates in isFull ? [false, true] : [true] {
                                var target = Guarded(start)
                                let sum = target.write {
                                    ck_binary_backward(
                                        function,
                                        Int32(operand),
                                        a,
                                        aRow,
                                        first.1,
                                        b,
                                        bRow,
                                        second.1,
                                        dy,
                                        $0,
                                        rows,
                                        columns,
                                        accumulates ? 1 : 0
                                    )
                                }
                                let before = start.map { accumulates ? Double($0) : 0 }
                                // Sums of up to 300 numbers of the size of 4.
                                let touched = Set(
                                    (0..<rows).flatMap { row in
                                        (0..<columns).map {
                                            place(row, $0, operand == 0 ? aRow : bRow, stride.1)
                                        }
                                    }
                                )
                                expectClose(
                                    touched.sorted().map { sum[$0] },
                                    touched.sorted().map { before[$0] + sums[operand][$0] },
                                    absolute: 2000 * halfUlp,
                                    relative: 8 * halfUlp,
                                    "derivative \(operand) of \(function)"
                                )
                            }
                        }
                    }
                }
            }
        }

        @Test(arguments: [(1, 1), (3, 5), (2, 16), (5, 17), (33, 70), (100, 3)])
        func reductionsAgreeWithDouble(rows: Int, columns: Int) {
            var numbers = Numbers(63)
            // Around 1, so that products keep their size.
            let x = numbers.floats(rows * columns, in: 0.9...1.1)
            let functions: [(ck_reduction, ([Double]) -> Double)] = [
                (CK_SUM, { $0.reduce(0, +) }), (CK_MAX, { $0.max() ?? 0 }), (CK_MIN, { $0.min() ?? 0 }),
                (CK_PRODUCT, { $0.reduce(1, *) }),
            ]
            let lines = (0..<rows).map { row in (0..<columns).map { Double(x[row * columns + $0]) } }
            let others = (0..<columns).map { column in (0..<rows).map { Double(x[$0 * columns + column]) } }
            for (function, value) in functions {
                for isRows in [true, false] {
                    let groups = isRows ? lines : others
                    let dy = numbers.floats(groups.count)
                    atEveryLevel {
                        var out = Guarded(count: groups.count), dx = Guarded(count: x.count)
                        let found = out.write {
                            isRows
                                ? ck_reduce_rows(x, rows, columns, $0, function)
                                : ck_reduce_columns(x, rows, columns, $0, function)
                        }
                        expectClose(found, groups.map(value), relative: 100 * halfUlp, "\(function)")
                        let gradient = dx.write {
                            isRows
                                ? ck_reduce_rows_backward(x, found, dy, rows, columns, $0, function)
                                : ck_reduce_columns_backward(x, found, dy, rows, columns, $0, function)
                        }
                        let expected = (0..<rows).flatMap { row in
                            (0..<columns).map { column -> Double in
                                let line = isRows ? row : column, v = Double(x[row * columns + column])
                                let all = value(groups[line]), g = Double(dy[line])
                                switch function {
                                case CK_SUM: return g
                                case CK_PRODUCT: return g * all / v
                                default: return v == all ? g / Double(groups[line].count { $0 == all }) : 0
                                }
                            }
                        }
                        expectClose(
                            gradient,
                            expected,
                            absolute: halfUlp,
                            relative: 200 * halfUlp,
                            "\(function), back"
                        )
                    }
                }
            }
        }

        @Test func nanWinsAReduction() {
            var x = [Float](repeating: 1, count: 40)
            x[33] = .nan
            atEveryLevel {
                for function in [CK_SUM, CK_MAX, CK_MIN, CK_PRODUCT] {
                    var rows = Guarded(count: 1), columns = Guarded(count: 20)
                    expectClose(rows.write { ck_reduce_rows(x, 1, 40, $0, function) }, [.nan])
                    let found = columns.write { ck_reduce_columns(x, 2, 20, $0, function) }
                    #expect(found[13].isNaN && found.count { $0.isNaN } == 1)
                }
            }
        }

        @Test(arguments: [(1, 1), (37, 1), (5, 3), (3, 64), (7, 65), (20, 130)])
        func softmaxAlongColumns(rows: Int, columns: Int) {
            var numbers = Numbers(64)
            let x = numbers.floats(rows * columns, in: -30...30), dy = numbers.floats(rows * columns)
            for isLogarithm in [false, true] {
                var y = [Double](repeating: 0, count: x.count), dx = y
                for column in 0..<columns {
                    let places = (0..<rows).map { $0 * columns + column }
                    let largest = places.map { Double(x[$0]) }.max() ?? 0
                    let sum = places.reduce(0) { $0 + exp(Double(x[$1]) - largest) }
                    let shares = places.map { exp(Double(x[$0]) - largest) / sum }
                    let dot = zip(places, shares).reduce(0) {
                        $0 + Double(dy[$1.0]) * (isLogarithm ? 1 : $1.1)
                    }
                    for (place, share) in zip(places, shares) {
                        y[place] = isLogarithm ? Double(x[place]) - largest - log(sum) : share
                        let g = Double(dy[place])
                        dx[place] = isLogarithm ? g - share * dot : share * (g - dot)
                    }
                }
                atEveryLevel {
                    var out = Guarded(count: x.count), back = Guarded(count: x.count)
                    let flag: Int32 = isLogarithm ? 1 : 0
                    let found = out.write { ck_softmax_columns(x, $0, rows, columns, flag) }
                    expectClose(found, y, absolute: 64 * halfUlp, relative: 32 * halfUlp)
                    expectClose(
                        back.write { ck_softmax_columns_backward(found, dy, $0, rows, columns, flag) },
                        dx,
                        absolute: 300 * halfUlp
                    )
                    if columns == 1 {
                        var rowwise = Guarded(count: x.count), rowBack = Guarded(count: x.count)
                        let other = rowwise.write {
                            isLogarithm ? ck_log_softmax(x, $0, 1, rows) : ck_softmax(x, $0, 1, rows)
                        }
                        expectClose(other, y, absolute: 64 * halfUlp, relative: 32 * halfUlp)
                        if isLogarithm {
                            expectClose(
                                rowBack.write { ck_log_softmax_backward(other, dy, $0, 1, rows) },
                                dx,
                                absolute: 300 * halfUlp
                            )
                        }
                    }
                }
            }
        }
    }
}
