import BenchmarkCore
import CPeak
import SwiftConvNet

/// The paths of matrix products beside OpenBLAS alone, and what the engine makes of it.
struct GEMMBenchmark {
    let effort: Effort

    func section() throws -> ReportSection {
        let peaks = [1, effort.threads].map {
            PeakRate.measure(threads: $0, seconds: effort.isQuick ? 0.01 : 0.1)
        }
        var section = ReportSection(
            name: "gemm",
            title: "Matrix products",
            rowTitle: "m × n × k",
            charted: .gigaflops,
            notes: [
                effort.note,
                "measured peak: \(Quantity.gigaflops.text(peaks[0] / 1e9)) GFLOP/s on 1 thread, "
                    + "\(Quantity.gigaflops.text(peaks[1] / 1e9)) on \(effort.threads)",
                "engine: a linear Dense layer of this size on \(effort.threads) workers, each with OpenBLAS on 1 thread",
                "naive and the other Swift paths run on 1 thread"
                    + (effort.isFull ? "" : "; - was left out, for it takes long (--full)"),
            ]
        )
        for size in effort.isQuick ? GEMMSize.quick : GEMMSize.all {
            section.figures += try figures(size, peaks: peaks)
        }
        return section
    }

    private func figures(_ size: GEMMSize, peaks: [Double]) throws -> [Figure] {
        let row = size.description
        var figures: [Figure] = []
        func rates(_ seconds: [Double]) -> [Double] { seconds.map { size.operations / $0 / 1e9 } }
        for path in GEMMPath.allCases where path != .openBLAS {
            let isSlow = size.operations > (path == .naive ? 4e7 : 1.1e9)
            figures.append(
                isSlow && !effort.isFull
                    ? Figure(row, "\(path)", .gigaflops, missing: "-")
                    : Figure(row, "\(path)", .gigaflops, rates(try time(path, size)))
            )
        }
        cp_set_blas_threads(1)
        let one = Figure(row, "OpenBLAS 1 thread", .gigaflops, rates(try time(.openBLAS, size)))
        cp_set_blas_threads(Int32(effort.threads))
        let own = Figure(
            row,
            "OpenBLAS \(effort.threads) own threads",
            .gigaflops,
            rates(try time(.openBLAS, size))
        )
        cp_set_blas_threads(1)
        let engine = Figure(row, "engine", .gigaflops, rates(try engineTimes(size)))
        func quotient(_ a: Double?, _ b: Double?) -> Double? { a.flatMap { a in b.map { a / $0 } } }
        return figures + [
            one, own, engine,
            Figure(row, "OpenBLAS 1 thread of peak", .share, derived: quotient(one.median, peaks[0] / 1e9)),
            Figure(row, "engine of peak", .share, derived: quotient(engine.median, peaks[1] / 1e9)),
            Figure(row, "engine / OpenBLAS 1 thread", .ratio, derived: quotient(engine.median, one.median)),
            Figure(row, "engine / own threads", .ratio, derived: quotient(engine.median, own.median)),
        ]
    }

    private func time(_ path: GEMMPath, _ size: GEMMSize) throws -> [Double] {
        let a = try RandomData.tensor([size.m, size.k]), b = try RandomData.tensor([size.k, size.n], seed: 2)
        var c = try Tensor(zeros: [size.m, size.n])
        return a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
                        return []
                    }
                    return effort.stopwatch.time {
                        path.multiply(
                            m: size.m,
                            n: size.n,
                            k: size.k,
                            a: a,
                            lda: size.k,
                            b: b,
                            ldb: size.n,
                            c: c,
                            ldc: size.n
                        )
                    }
                }
            }
        }
    }

    private func engineTimes(_ size: GEMMSize) throws -> [Double] {
        let model = try Sequential(inputShape: [size.k], options: effort.options) {
            Dense(units: size.n, useBias: false, name: "dense")
        }
        let passes = max(2, min(effort.isQuick ? 5 : 40, Int(4e9 / size.operations)))
        return try (0..<effort.repeats).map { _ in
            let profile = try model.profile(batchSize: size.m, repeats: passes)
            return profile[layer: "dense"]?.forwardSeconds ?? .nan
        }
    }
}
