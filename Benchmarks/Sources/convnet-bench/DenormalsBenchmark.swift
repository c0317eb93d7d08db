import BenchmarkCore
import SwiftConvNet

/// The speed on numbers near zero, where products become denormal: of training, in which every thread flushes them, and
/// of a matrix product alone on a thread that does not.
struct DenormalsBenchmark {
    let effort: Effort

    func section() throws -> ReportSection {
        ReportSection(
            name: "denormals",
            title: "Numbers near zero",
            rowTitle: "work",
            charted: .imagesPerSecond,
            notes: [
                effort.note + ", the two in turn",
                "training: the MNIST network, batch 128; near zero its weights are 3e-20 of the normal ones, so that "
                    + "outputs and gradients are below the smallest normal number, 1.2e-38; Adam's rate is 0",
                "product: 128×576 times 576×64 by OpenBLAS on the calling thread, which does not flush; near zero "
                    + "the factors are around 1e-20 each, or one of them is denormal",
            ],
            figures: try training() + product()
        )
    }

    private func training() throws -> [Figure] {
        let batch = 128, steps = effort.isQuick ? 3 : 60
        let data = try RandomData.dataset(.mnist, count: BenchmarkNetwork.mnist.sampleCount)
        let models = try [Float(1), 3e-20].map { factor in
            let model = try BenchmarkNetwork.mnist.make(effort.options)
            try model.setParameters(
                Dictionary(
                    uniqueKeysWithValues: model.parameters.map {
                        ($0.name, try Tensor($0.values.elements.map { $0 * factor }, shape: $0.values.shape))
                    }
                )
            )
            // With a rate above zero the first step would lead away from zero.
            try model.compile(
                optimizer: .adam(learningRate: 0),
                loss: .sparseCategoricalCrossentropy(),
                metrics: [.accuracy]
            )
            try model.fit(SampleLoop(data, count: 2 * batch), batchSize: batch, verbose: .silent)
            return model
        }
        let samples = SampleLoop(data, count: steps * batch)
        var rates: [[Double]] = [[], []]
        for _ in 0..<effort.repeats {
            for (place, model) in models.enumerated() {
                let seconds = try Stopwatch.seconds {
                    try model.fit(samples, batchSize: batch, verbose: .silent)
                }
                rates[place].append(Double(samples.count) / seconds)
            }
        }
        return compare("training, flushed", .imagesPerSecond, rates)
    }

    private func product() -> [Figure] {
        let m = 128, n = 64, k = 576
        func rates(_ scales: [(a: Float, b: Float)]) -> [[Double]] {
            let c = UnsafeMutablePointer<Float>.allocate(capacity: m * n)
            defer { c.deallocate() }
            var random = RandomStream(seed: 1, purpose: .user)
            let factors = scales.map { scale in
                (
                    a: (0..<(m * k)).map { _ in random.uniform(in: 0.5..<1) * scale.a },
                    b: (0..<(k * n)).map { _ in random.uniform(in: 0.5..<1) * scale.b }
                )
            }
            var rates = [[Double]](repeating: [], count: scales.count)
            let stopwatch = Stopwatch(repeats: 1, minimumSeconds: effort.isQuick ? 0.005 : 0.05)
            for _ in 0..<effort.repeats {
                for (place, factor) in factors.enumerated() {
                    let seconds = stopwatch.time {
                        factor.a.withUnsafeBufferPointer { a in
                            factor.b.withUnsafeBufferPointer { b in
                                guard let a = a.baseAddress, let b = b.baseAddress else { return }
                                GEMMPath.openBLAS.multiply(
                                    m: m,
                                    n: n,
                                    k: k,
                                    a: a,
                                    lda: k,
                                    b: b,
                                    ldb: n,
                                    c: c,
                                    ldc: n
                                )
                            }
                        }
                    }
                    rates[place] += seconds.map { 2e-9 * Double(m * n * k) / $0 }
                }
            }
            return rates
        }
        let all = rates([(1, 1), (1e-20, 1e-20), (1, .leastNormalMagnitude / 8)])
        return compare("product, not flushed, tiny factors", .gigaflops, [all[0], all[1]])
            + compare("product, not flushed, a denormal factor", .gigaflops, [all[0], all[2]])
    }

    private func compare(_ row: String, _ quantity: Quantity, _ rates: [[Double]]) -> [Figure] {
        [
            Figure(row, "normal", quantity, rates[0]), Figure(row, "near zero", quantity, rates[1]),
            Figure(
                row,
                "near zero / normal",
                .ratio,
                derived: Statistics(rates[1]).median / Statistics(rates[0]).median
            ),
        ]
    }
}
