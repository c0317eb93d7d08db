import CKernels
import Testing

extension Kernels {
    /// Three steps each, so that the state of one enters the next; formulas as in Keras 3, in double.
    /// Tolerance: values of size 1 to 2, some ten roundings a step.
    struct Optimizers {
        let tolerance = 2e-6
        let rate: Float = 0.05

        private func d(_ x: [Float]) -> [Double] { x.map(Double.init) }

        @Test(arguments: lengths)
        func gradientDescentAndDecayAgreeWithDouble(count: Int) {
            var numbers = Numbers(50)
            let (w, g) = (numbers.floats(count), numbers.floats(count))
            let r = Double(rate)
            atEveryLevel {
                var a = Guarded(w)
                expectClose(
                    a.write { ck_sgd($0, g, count, rate) },
                    zip(d(w), d(g)).map { $0 - r * $1 },
                    absolute: tolerance
                )
                var b = Guarded(w)
                expectClose(
                    b.write { ck_weight_decay($0, count, rate, 0.4) },
                    d(w).map { $0 - r * Double(Float(0.4)) * $0 },
                    absolute: tolerance
                )
            }
        }

        @Test(arguments: lengths, [false, true])
        func momentumAgreesWithDouble(count: Int, nesterov: Bool) {
            var numbers = Numbers(51)
            let (w, v) = (numbers.floats(count), numbers.floats(count))
            let gradients = (0..<3).map { _ in numbers.floats(count) }
            let (r, momentum) = (Double(rate), Double(Float(0.9)))
            var (ew, ev) = (d(w), d(v))
            for g in gradients {
                for i in 0..<count {
                    ev[i] = momentum * ev[i] - r * Double(g[i])
                    ew[i] += nesterov ? momentum * ev[i] - r * Double(g[i]) : ev[i]
                }
            }
            atEveryLevel {
                var (aw, av) = (w, v)
                for g in gradients { ck_sgd_momentum(&aw, g, &av, count, rate, 0.9, nesterov ? 1 : 0) }
                expectClose(aw, ew, absolute: 3 * tolerance)
                expectClose(av, ev, absolute: tolerance)
            }
        }

        @Test(arguments: lengths, [false, true])
        func adamAgreesWithDouble(count: Int, amsgrad: Bool) {
            var numbers = Numbers(52)
            let (w, m) = (numbers.floats(count), numbers.floats(count))
            let v = numbers.floats(count, in: 0.01...1)
            // Larger than v for some and smaller for others, so that both sides of the maximum are used.
            let largest = numbers.floats(count, in: 0...1)
            let gradients = (0..<3).map { _ in numbers.floats(count) }
            let (beta1, beta2, epsilon): (Float, Float, Float) = (0.9, 0.99, 1e-3)
            var (ew, em, ev, el) = (d(w), d(m), d(v), d(largest))
            for g in gradients {
                for i in 0..<count {
                    let gi = Double(g[i])
                    em[i] += (gi - em[i]) * (1 - Double(beta1))
                    ev[i] += (gi * gi - ev[i]) * (1 - Double(beta2))
                    el[i] = max(el[i], ev[i])
                    ew[i] -= Double(rate) * em[i] / ((amsgrad ? el[i] : ev[i]).squareRoot() + Double(epsilon))
                }
            }
            atEveryLevel {
                var (aw, am, av, al) = (w, m, v, largest)
                for g in gradients {
                    if amsgrad {
                        ck_adam(&aw, g, &am, &av, &al, count, rate, beta1, beta2, epsilon)
                    } else {
                        ck_adam(&aw, g, &am, &av, nil, count, rate, beta1, beta2, epsilon)
                    }
                }
                expectClose(aw, ew, absolute: 3 * tolerance)
                expectClose(am, em, absolute: tolerance)
                expectClose(av, ev, absolute: tolerance)
                expectClose(al, amsgrad ? el : d(largest), absolute: tolerance)
            }
        }

        @Test(arguments: lengths, [(false, false), (false, true), (true, false), (true, true)])
        func rmspropAgreesWithDouble(count: Int, form: (centered: Bool, momentum: Bool)) {
            var numbers = Numbers(53)
            let w = numbers.floats(count)
            // The mean stays small against the deviation: v - mean^2 must not come near zero.
            let mean = numbers.floats(count, in: -0.1...0.1)
            let v = numbers.floats(count, in: 1...2)
            let velocity = numbers.floats(count)
            let gradients = (0..<3).map { _ in numbers.floats(count, in: -1...1) }
            let (rho, momentum, epsilon): (Float, Float, Float) = (0.9, 0.8, 1e-2)
            var (ew, ev, em, es) = (d(w), d(v), d(mean), d(velocity))
            for g in gradients {
                for i in 0..<count {
                    let (gi, r) = (Double(g[i]), Double(rho))
                    ev[i] = r * ev[i] + (1 - r) * gi * gi
                    if form.centered { em[i] = r * em[i] + (1 - r) * gi }
                    let denominator = ev[i] - (form.centered ? em[i] * em[i] : 0) + Double(epsilon)
                    var step = Double(rate) * gi / denominator.squareRoot()
                    if form.momentum {
                        es[i] = Double(momentum) * es[i] + step
                        step = es[i]
                    }
                    ew[i] -= step
                }
            }
            atEveryLevel {
                var (aw, av, am, asv) = (w, v, mean, velocity)
                for g in gradients {
                    am.withUnsafeMutableBufferPointer { am in
                        asv.withUnsafeMutableBufferPointer { asv in
                            ck_rmsprop(
                                &aw,
                                g,
                                &av,
                                form.centered ? am.baseAddress : nil,
                                form.momentum ? asv.baseAddress : nil,
                                count,
                                rate,
                                rho,
                                momentum,
                                epsilon
                            )
                        }
                    }
                }
                expectClose(aw, ew, absolute: 3 * tolerance)
                expectClose(av, ev, absolute: tolerance)
                expectClose(am, em, absolute: tolerance)
                expectClose(asv, es, absolute: tolerance)
            }
        }

        @Test func aNaNInTheGradientReachesTheWeights() {
            atEveryLevel {
                let g: [Float] = [.nan]
                var (w, m, v, largest): ([Float], [Float], [Float], [Float]) = ([1], [0], [0], [0])
                ck_adam(&w, g, &m, &v, &largest, 1, 0.1, 0.9, 0.999, 1e-7)
                #expect(w[0].isNaN)
                #expect(largest[0].isNaN)
            }
        }
    }
}
