import CKernels
import Foundation
import Testing

let activations = [
    CK_LINEAR, CK_RELU, CK_SIGMOID, CK_TANH, CK_LEAKY_RELU, CK_ELU, CK_GELU, CK_GELU_TANH, CK_SILU,
    CK_SOFTPLUS, CK_CAPPED_RELU, CK_SELU, CK_CELU, CK_LOG_SIGMOID, CK_SPARSE_SIGMOID, CK_HARD_SIGMOID,
    CK_HARD_TANH, CK_TANH_SHRINK, CK_SPARSE_PLUS, CK_SQUAREPLUS, CK_SOFTSIGN, CK_HARD_SILU, CK_MISH,
    CK_SOFT_SHRINK, CK_HARD_SHRINK, CK_EXPONENTIAL,
]
let slope: Float = 0.3

/// f(x) in double precision by libm.
func reference(_ f: ck_activation, _ x: Double) -> Double {
    let a = Double(slope)
    switch f {
    case CK_RELU: return x < 0 ? 0 : x
    case CK_SIGMOID: return 1 / (1 + exp(-x))
    case CK_TANH: return tanh(x)
    case CK_LEAKY_RELU: return x > 0 ? x : a * x
    case CK_ELU: return x > 0 ? x : a * expm1(x)
    case CK_GELU: return x == -.infinity ? 0 : x * 0.5 * erfc(-x / 2.0.squareRoot())
    case CK_GELU_TANH:
        let u = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
        return x == -.infinity ? 0 : x / (1 + exp(-2 * u))
    case CK_SILU: return x == -.infinity ? 0 : x / (1 + exp(-x))
    case CK_SOFTPLUS: return x > 30 ? x + exp(-x) : log1p(exp(x))
    case CK_CAPPED_RELU: return x.isNaN ? x : min(max(x, 0), a)
    case CK_SELU: return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x))
    case CK_CELU: return x > 0 ? x : a * expm1(x / a)
    case CK_LOG_SIGMOID: return x < -30 ? x - exp(x) : -log1p(exp(-x))
    case CK_SPARSE_SIGMOID: return x.isNaN ? x : min(max((x + 1) / 2, 0), 1)
    case CK_HARD_SIGMOID: return x.isNaN ? x : min(max(x + 3, 0), 6) / 6
    case CK_HARD_TANH: return x.isNaN ? x : min(max(x, -1), 1)
    case CK_TANH_SHRINK:
        // The series where the difference would cancel, to x¹³.
        let q = x * x
        let factors: [Double] = [1382.0 / 155925.0, -62.0 / 2835.0, 17.0 / 315.0, -2.0 / 15.0, 1.0 / 3.0]
        let series = x * q * factors.reduce(0) { $0 * q + $1 }
        return x.magnitude < 0.05 ? series : x - tanh(x)
    case CK_SPARSE_PLUS: return x <= -1 ? 0 : x >= 1 || x.isNaN ? x : (x + 1) * (x + 1) / 4
    case CK_SQUAREPLUS:
        let root = (x * x + a).squareRoot()
        return x < 0 ? a / (root - x) / 2 : (x + root) / 2
    case CK_SOFTSIGN: return x.isInfinite ? (x > 0 ? 1 : -1) : x / (1 + x.magnitude)
    case CK_HARD_SILU: return x == -.infinity ? 0 : x * (x.isNaN ? x : min(max(x + 3, 0), 6) / 6)
    case CK_MISH: return x == -.infinity ? 0 : x > 30 ? x : x * tanh(log1p(exp(x)))
    case CK_SOFT_SHRINK: return x > a ? x - a : x < -a ? x + a : x.isNaN ? x : 0
    case CK_HARD_SHRINK: return x.magnitude <= a ? 0 : x
    case CK_EXPONENTIAL: return exp(x)
    default: return x
    }
}

/// f'(x), by formulas of its own and not by those of the kernels.
func referenceSlope(_ f: ck_activation, _ x: Double) -> Double {
    switch f {
    case CK_RELU: return x > 0 ? 1 : 0
    case CK_LEAKY_RELU: return x > 0 ? 1 : Double(slope)
    case CK_ELU: return x > 0 ? 1 : Double(slope) * exp(x)
    case CK_CAPPED_RELU: return x > 0 && x < Double(slope) ? 1 : 0
    case CK_SELU: return x > 0 ? 1.0507009873554805 : 1.7580993408473766 * exp(x)
    case CK_CELU: return x > 0 ? 1 : exp(x / Double(slope))
    case CK_SPARSE_SIGMOID: return x.magnitude < 1 ? 0.5 : 0
    case CK_HARD_SIGMOID: return x.magnitude < 3 ? 1 / 6.0 : 0
    case CK_HARD_TANH: return x.magnitude <= 1 ? 1 : 0
    case CK_SPARSE_PLUS: return x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2
    case CK_HARD_SILU: return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6
    case CK_SOFT_SHRINK, CK_HARD_SHRINK: return x.magnitude > Double(slope) ? 1 : 0
    case CK_EXPONENTIAL: return exp(x)
    default:
        // Fourth-order central difference: its error, about 1e-12, is far below float rounding.
        let h = 1e-3
        return
            (8 * (reference(f, x + h) - reference(f, x - h))
            - (reference(f, x + 2 * h) - reference(f, x - 2 * h)))
            / (12 * h)
    }
}

extension Kernels {
    struct Activations {
        /// Dense around zero, with the borders of the approximations, far out, and the special values.
        static let inputs: [Float] = {
            var numbers = Numbers(1)
            var x: [Float] = [0, -0.0, 1e-30, -1e-30, 1e-6, -1e-6, 0.625, -0.625, 0.62499994, -0.62499994]
            x +=
                numbers.floats(2000, in: -1...1) + numbers.floats(4000, in: -10...10)
                + numbers.floats(2000, in: -80...80)
            return x
        }()
        static let extremes: [Float] = [
            .infinity, -.infinity, .nan, -.nan, 3e38, -3e38, 1e10, -1e10, 200, -200, 104.5, -104.5, 89, -89,
        ]

        /// Relative: 4 ulp for those made of one exponential and a quotient; more where the argument of the
        /// exponential is large (the cube in the approximation by tanh: 80 ulp of x^3; the square in GELU) or where the fit itself is
        /// good to 1.2e-7 only. Absolute: below FLT_MIN results may lose digits.
        static func relativeTolerance(_ f: ck_activation) -> Double {
            switch f {
            case CK_LINEAR, CK_RELU, CK_LEAKY_RELU, CK_CAPPED_RELU, CK_HARD_TANH, CK_HARD_SHRINK:
                return halfUlp
            // The argument of the exponential is rounded, and up to 300 = 90 / 0.3.
            case CK_CELU: return 2e-6
            // The polynomial is good for tanh itself; what is left of x has less of it, and x - tanh(x) more of its rounding.
            case CK_TANH_SHRINK: return 4e-6
            case CK_GELU: return 2e-5
            case CK_GELU_TANH: return 3e-5
            default: return 8 * halfUlp
            }
        }

        /// Below FLT_MIN results may lose digits; a difference has the rounding of what it is taken of, where that crosses zero.
        static func absoluteTolerance(_ f: ck_activation) -> Double {
            switch f {
            case CK_SPARSE_SIGMOID, CK_HARD_SIGMOID, CK_SPARSE_PLUS, CK_HARD_SILU, CK_SOFT_SHRINK:
                return 8 * halfUlp
            default: return 1e-37
            }
        }

        @Test(arguments: activations)
        func agreeWithLibmInDouble(f: ck_activation) {
            let expected = Self.inputs.map { reference(f, Double($0)) }
            atEveryLevel {
                var y = Guarded(count: Self.inputs.count)
                let out = y.write { ck_activate(Self.inputs, $0, Self.inputs.count, f, slope) }
                expectClose(
                    out,
                    expected,
                    absolute: Self.absoluteTolerance(f),
                    relative: Self.relativeTolerance(f),
                    "\(f)"
                )
            }
        }

        @Test(arguments: [CK_GELU, CK_GELU_TANH])
        func geluIsWithin2e7OfLibmNearTheMiddle(f: ck_activation) {
            let x = Self.inputs.filter { $0.magnitude < 10 }
            atEveryLevel {
                var y = Guarded(count: x.count)
                let out = y.write { ck_activate(x, $0, x.count, f, slope) }
                // Phi to 2e-7, times x, plus the rounding of the product.
                for (a, v) in zip(out, x) {
                    let e = reference(f, Double(v))
                    #expect((Double(a) - e).magnitude <= 2.5e-7 * max(1, Double(v.magnitude)), "x = \(v)")
                }
            }
        }

        @Test(arguments: activations)
        func giveTheLimitsAtInfinityAndKeepNaN(f: ck_activation) {
            let expected = Self.extremes.map { reference(f, Double($0)) }
            atEveryLevel {
                var y = Guarded(count: Self.extremes.count)
                let out = y.write { ck_activate(Self.extremes, $0, Self.extremes.count, f, slope) }
                expectClose(out, expected, absolute: 1e-36, relative: 1e-6, "\(f)")
            }
        }

        @Test(arguments: activations)
        func workInPlaceAtEveryLength(f: ck_activation) {
            atEveryLevel {
                for count in lengths {
                    let x = Array(Self.inputs.suffix(count))
                    var inPlace = Guarded(x)
                    let a = inPlace.write { ck_activate($0, $0, count, f, slope) }
                    var beside = Guarded(count: count)
                    let b = beside.write { ck_activate(x, $0, count, f, slope) }
                    #expect(a == b, "count \(count)")
                    expectClose(
                        a,
                        x.map { reference(f, Double($0)) },
                        absolute: Self.absoluteTolerance(f),
                        relative: Self.relativeTolerance(f)
                    )
                }
            }
        }

        @Test(arguments: activations)
        func biasIsAddedBeforeTheActivation(f: ck_activation) {
            var numbers = Numbers(2)
            for channels in channelCounts {
                for rows in [0, 1, 3, 17] {
                    let x = numbers.floats(rows * channels)
                    let bias = numbers.floats(channels)
                    // The sum in float, as in the kernel; what is tested is which bias meets which value.
                    let sums = x.indices.map { x[$0] + bias[$0 % channels] }
                    atEveryLevel {
                        var y = Guarded(x)
                        let out = y.write { ck_bias_activate($0, bias, rows, channels, f, slope) }
                        expectClose(
                            out,
                            sums.map { reference(f, Double($0)) },
                            absolute: max(1e-12, Self.absoluteTolerance(f)),
                            relative: 2e-6
                        )
                        var z = Guarded(x)
                        let without = z.write { ck_bias_activate($0, nil, rows, channels, f, slope) }
                        expectClose(
                            without,
                            x.map { reference(f, Double($0)) },
                            absolute: max(1e-12, Self.absoluteTolerance(f)),
                            relative: 2e-6
                        )
                    }
                }
            }
        }

        @Test(arguments: activations)
        func slopeFromTheInputAgreesWithFiniteDifferences(f: ck_activation) {
            var numbers = Numbers(3)
            for count in lengths {
                let x = numbers.floats(count, in: -6...6)
                let dy = numbers.floats(count)
                let expected = zip(x, dy).map { referenceSlope(f, Double($0)) * Double($1) }
                atEveryLevel {
                    var dx = Guarded(count: count)
                    // |dy| <= 2 times some roundings of terms up to 6 * 0.25; of the exponential, up to e^6.
                    let out = dx.write { ck_activate_backward_from_input(x, dy, $0, count, f, slope) }
                    expectClose(out, expected, absolute: 3e-6, relative: 1e-6, "\(f)")
                    var inPlace = Guarded(dy)
                    let inPlaceResult = inPlace.write {
                        ck_activate_backward_from_input(x, $0, $0, count, f, slope)
                    }
                    #expect(inPlaceResult == out)
                }
            }
        }

        @Test(arguments: [
            CK_LINEAR, CK_RELU, CK_SIGMOID, CK_TANH, CK_LEAKY_RELU, CK_ELU, CK_SOFTPLUS, CK_CAPPED_RELU,
            CK_SELU,
            CK_CELU, CK_LOG_SIGMOID, CK_SPARSE_SIGMOID, CK_HARD_SIGMOID, CK_SPARSE_PLUS, CK_SQUAREPLUS,
            CK_SOFTSIGN,
            CK_SOFT_SHRINK, CK_HARD_SHRINK,
        ])
        func slopeFromTheOutputAgreesWithFiniteDifferences(f: ck_activation) {
            var numbers = Numbers(4)
            for count in lengths {
                let x = numbers.floats(count, in: -6...6)
                let y = x.map { Float(reference(f, Double($0))) }
                let dy = numbers.floats(count)
                let expected = zip(x, dy).map { referenceSlope(f, Double($0)) * Double($1) }
                atEveryLevel {
                    var out = Guarded(dy)
                    expectClose(
                        out.write { ck_activate_backward_from_output(y, $0, count, f, slope) },
                        expected,
                        absolute: 1e-6,
                        "\(f)"
                    )
                }
            }
        }

        @Test(arguments: activations)
        func slopesAreFiniteFarOut(f: ck_activation) {
            let x: [Float] = [.infinity, -.infinity, 3e38, -3e38, 300, -300, 90, -90]
            let left: Double =
                switch f {
                case CK_LINEAR, CK_LOG_SIGMOID, CK_TANH_SHRINK, CK_SOFT_SHRINK, CK_HARD_SHRINK: 1
                case CK_LEAKY_RELU: Double(slope)
                default: 0
                }
            let right: Double =
                switch f {
                case CK_SIGMOID, CK_TANH, CK_CAPPED_RELU, CK_LOG_SIGMOID, CK_SPARSE_SIGMOID, CK_HARD_SIGMOID,
                    CK_HARD_TANH, CK_SOFTSIGN:
                    0
                case CK_SELU: 1.0507009873554805
                default: 1
                }
            // The exponential's own slope is infinite, and these two come near their limits as 1 / x.
            guard f != CK_EXPONENTIAL, f != CK_SOFTSIGN, f != CK_SQUAREPLUS else { return }
            atEveryLevel {
                var out = Guarded(Array(repeating: 1, count: x.count))
                let slopes = out.write { ck_activate_backward_from_input(x, $0, $0, x.count, f, slope) }
                expectClose(slopes, x.map { $0 > 0 ? right : left }, absolute: 1e-30, relative: halfUlp)
            }
        }

        @Test func clippedReLUFollowsItsDefinition() {
            var numbers = Numbers(31)
            let settings: [(slope: Float, threshold: Float, maximum: Float)] = [
                (0, 0, .infinity), (0, 0, 1), (0.25, 0, 1), (0.25, 0.5, 1.5), (0, 0.5, .infinity),
                (0.5, 1, 0.5),
            ]
            for count in lengths {
                let x = numbers.floats(count), dy = numbers.floats(count)
                for s in settings {
                    let y = x.map { $0 > s.threshold ? min($0, s.maximum) : s.slope * ($0 - s.threshold) }
                    let dx = zip(x, dy).map { $0 > s.threshold ? ($0 < s.maximum ? $1 : 0) : s.slope * $1 }
                    atEveryLevel {
                        var out = Guarded(count: count)
                        let values = out.write {
                            ck_clipped_relu(x, $0, count, s.slope, s.threshold, s.maximum)
                        }
                        expectClose(values, y.map(Double.init), absolute: halfUlp)
                        var back = Guarded(dy)
                        let slopes = back.write {
                            ck_clipped_relu_backward(x, $0, $0, count, s.slope, s.threshold, s.maximum)
                        }
                        expectClose(slopes, dx.map(Double.init))
                    }
                }
            }
        }

        @Test func clippedReLUKeepsNaNAndTakesInfinity() {
            let x: [Float] = [.nan, -.infinity, .infinity, 0]
            atEveryLevel {
                var out = Guarded(count: 4)
                let values = out.write { ck_clipped_relu(x, $0, 4, 0, 0, 6) }
                #expect(values[0].isNaN)
                #expect(Array(values[1...]) == [0, 6, 0])
            }
        }

        @Test func squareplusAndSoftsignHaveFiniteSlopesFarOut() {
            let x: [Float] = [.infinity, -.infinity, 3e38, -3e38, 300, -300]
            atEveryLevel {
                for f in [CK_SQUAREPLUS, CK_SOFTSIGN] {
                    var out = Guarded(Array(repeating: 1, count: x.count))
                    let slopes = out.write { ck_activate_backward_from_input(x, $0, $0, x.count, f, slope) }
                    let limits = x.map { $0 > 0 && f == CK_SQUAREPLUS ? 1.0 : 0 }
                    expectClose(slopes, limits, absolute: 2e-5)
                }
            }
        }

        @Test func squareplusWithoutBIsARectifier() {
            let x: [Float] = [-3, 0, 2, 1e30]
            atEveryLevel {
                var y = Guarded(count: 4)
                let values = y.write { ck_activate(x, $0, 4, CK_SQUAREPLUS, 0) }
                #expect(values == [0, 0, 2, 1e30])
                var dy = Guarded([1, 1, 1, 1])
                #expect(
                    dy.write { ck_activate_backward_from_output(values, $0, 4, CK_SQUAREPLUS, 0) } == [
                        0, 0, 1, 1,
                    ]
                )
            }
        }

        @Test func thresholdFollowsItsDefinition() {
            var numbers = Numbers(33)
            for count in lengths {
                let x = numbers.floats(count), dy = numbers.floats(count)
                atEveryLevel {
                    var y = Guarded(count: count)
                    let values = y.write { ck_threshold(x, $0, count, 0.25, -7) }
                    #expect(values == x.map { $0 > 0.25 ? $0 : -7 })
                    var dx = Guarded(dy)
                    let slopes = dx.write { ck_threshold_backward(x, $0, $0, count, 0.25) }
                    #expect(slopes == zip(x, dy).map { $0 > 0.25 ? $1 : 0 })
                }
            }
        }

        @Test(arguments: channelCounts)
        func preluFollowsItsDefinition(channels: Int) {
            var numbers = Numbers(34)
            for rows in [0, 1, 5] {
                let count = rows * channels
                var x = numbers.floats(count)
                if count > 0 { x[0] = 0 }
                let alpha = numbers.floats(channels), dy = numbers.floats(count)
                let before = numbers.floats(channels)
                var sums = before.map(Double.init)
                for place in x.indices where x[place] < 0 {
                    sums[place % channels] += Double(x[place]) * Double(dy[place])
                }
                atEveryLevel {
                    var y = Guarded(count: count), dx = Guarded(count: count), d = Guarded(before)
                    let values = y.write { ck_prelu(x, alpha, $0, rows, channels) }
                    #expect(values == x.indices.map { x[$0] > 0 ? x[$0] : alpha[$0 % channels] * x[$0] })
                    let slopes = dx.write { ck_prelu_backward(x, alpha, dy, rows, channels, $0, nil) }
                    #expect(
                        slopes
                            == x.indices.map {
                                x[$0] > 0 ? dy[$0] : x[$0] == 0 ? 0 : alpha[$0 % channels] * dy[$0]
                            }
                    )
                    let found = d.write { ck_prelu_backward(x, alpha, dy, rows, channels, nil, $0) }
                    expectClose(found, sums, absolute: 3e-6)
                }
            }
        }

        @Test func reluHasNoSlopeAtZero() {
            atEveryLevel {
                var dy: [Float] = [5, 5, 5]
                ck_activate_backward_from_output([0, -0.0, 1], &dy, 3, CK_RELU, 0)
                #expect(dy == [0, 0, 5])
            }
        }
    }

    struct Softmax {
        static func reference(_ x: [Float], _ channels: Int) -> [Double] {
            stride(from: 0, to: x.count, by: channels).flatMap { start in
                let row = x[start..<start + channels].map(Double.init)
                let largest = row.max() ?? 0
                let e = row.map { exp($0 - largest) }
                let sum = e.reduce(0, +)
                return e.map { $0 / sum }
            }
        }

        @Test(arguments: [1, 2, 3, 10, 16, 17, 33, 1000])
        func agreesWithDouble(channels: Int) {
            var numbers = Numbers(5)
            for rows in [0, 1, 5] {
                let x = numbers.floats(rows * channels, in: -20...20)
                atEveryLevel {
                    var y = Guarded(count: x.count)
                    let out = y.write { ck_softmax(x, $0, rows, channels) }
                    // x - max rounds at |40|: 2e-6 in the exponent; the sum in lanes adds less.
                    expectClose(out, Self.reference(x, channels), absolute: 1e-30, relative: 5e-6)
                    var inPlace = Guarded(x)
                    let inPlaceResult = inPlace.write { ck_softmax($0, $0, rows, channels) }
                    #expect(inPlaceResult == out)
                }
            }
        }

        @Test func largeLogitsDoNotOverflow() {
            atEveryLevel {
                var y = [Float](repeating: 0, count: 40)
                let x = (0..<40).map { Float(1e30) * Float($0 - 39) + 3e30 }
                ck_softmax(x, &y, 1, 40)
                #expect(y == Array(repeating: 0, count: 39) + [1])
            }
        }

        @Test(arguments: [3, 40])
        func aNaNReachesTheWholeRowAndNoOther(channels: Int) {
            atEveryLevel {
                for place in 0..<channels {
                    var x = [Float](repeating: 1, count: 2 * channels)
                    x[place] = .nan
                    var y = x
                    ck_softmax(x, &y, 2, channels)
                    #expect(y[..<channels].allSatisfy { $0.isNaN })
                    #expect(y[channels...].allSatisfy { ($0 - 1 / Float(channels)).magnitude < 1e-7 })
                }
            }
        }

        @Test(arguments: [1, 3, 10, 16, 17, 33, 1000])
        func backwardAgreesWithTheJacobian(channels: Int) {
            var numbers = Numbers(6)
            let rows = 4
            let y = Self.reference(numbers.floats(rows * channels), channels).map { Float($0) }
            let dy = numbers.floats(rows * channels)
            var expected = [Double](repeating: 0, count: rows * channels)
            for r in 0..<rows {
                for i in 0..<channels {
                    for j in 0..<channels {
                        let (a, b) = (Double(y[r * channels + i]), Double(y[r * channels + j]))
                        expected[r * channels + i] += (i == j ? a : 0) * Double(dy[r * channels + j])
                        expected[r * channels + i] -= a * b * Double(dy[r * channels + j])
                    }
                }
            }
            atEveryLevel {
                var dx = Guarded(count: y.count)
                // |dot| <= 2: a few roundings of it, times y <= 1.
                let out = dx.write { ck_softmax_backward(y, dy, $0, rows, channels) }
                expectClose(out, expected, absolute: 1e-6)
            }
        }
    }
}
