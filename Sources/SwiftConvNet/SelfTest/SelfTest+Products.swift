import Foundation
import Synchronization

extension SelfTest {
    /// A product of two matrices of random numbers.
    package struct Product: Sendable {
        let m: Int, n: Int, k: Int
        var transposesA = false, transposesB = false
        let a: [Float], b: [Float]

        package init(_ m: Int, _ n: Int, _ k: Int, transposesA: Bool = false, transposesB: Bool = false) {
            (self.m, self.n, self.k) = (m, n, k)
            (self.transposesA, self.transposesB) = (transposesA, transposesB)
            var random = RandomStream(seed: UInt64(m * 1_000_003 + n * 1_009 + k), purpose: .user)
            a = (0..<(m * k)).map { _ in random.uniform(in: -1..<1) }
            b = (0..<(k * n)).map { _ in random.uniform(in: -1..<1) }
        }

        /// The elements of the product, as a path computes them; for OpenBLAS the caller has a lease of its buffers.
        package func multiplied(by path: GEMMPath) -> [Float] {
            [Float](unsafeUninitializedCapacity: m * n) { c, count in
                count = m * n
                guard let c = c.baseAddress else { return }
                a.withUnsafeBufferPointer { a in
                    b.withUnsafeBufferPointer { b in
                        guard let a = a.baseAddress, let b = b.baseAddress else { return }
                        path.multiplyInEngine(
                            m: m,
                            n: n,
                            k: k,
                            a: a,
                            lda: transposesA ? m : k,
                            transposeA: transposesA,
                            b: b,
                            ldb: transposesB ? k : n,
                            transposeB: transposesB,
                            c: c,
                            ldc: n
                        )
                    }
                }
            }
        }

        /// The largest error of a result, as a share of what rounding allows: k · eps times the sum of the absolute
        /// products (Higham, Accuracy and Stability of Numerical Algorithms, 3.5, whose bound for sums in any order is
        /// half of that). NaN counts as infinite.
        func error(of result: [Float]) -> Double {
            var largest = 0.0
            for i in 0..<m {
                for j in 0..<n {
                    var sum = 0.0, size = 0.0
                    for p in 0..<k {
                        let x = Double(transposesA ? a[p * m + i] : a[i * k + p])
                        let y = Double(transposesB ? b[j * k + p] : b[p * n + j])
                        sum += x * y
                        size += abs(x * y)
                    }
                    let error = abs(Double(result[i * n + j]) - sum)
                    let share =
                        error / (Double(k) * Double(Float.ulpOfOne) * max(size, .leastNormalMagnitude))
                    largest = share.isNaN ? .infinity : max(largest, share)
                }
            }
            return largest
        }

        var shape: String { "\(m)x\(k) * \(k)x\(n)" }
    }

    /// Shapes of real layers, and odd ones at the edges of any kernel's blocks.
    private static let products = [
        Product(1, 1, 1), Product(7, 5, 3), Product(17, 33, 65), Product(121, 64, 288), Product(64, 10, 128),
        Product(1, 64, 1_600), Product(33, 31, 127, transposesA: true),
        Product(31, 17, 66, transposesB: true),
        Product(65, 9, 130, transposesA: true, transposesB: true), Product(72, 32, 64),
    ]

    /// Compares `cblas_sgemm` with sums in double precision.
    package static func products(_ multiply: (Product) -> [Float]) -> SelfTestReport.Check {
        let name = "Matrix products"
        let errors = products.map { $0.error(of: multiply($0)) }
        guard let worst = zip(errors, products).max(by: { $0.0 < $1.0 }), worst.0 <= 1 else {
            let wrong = zip(errors, products).filter { $0.0 > 1 }.map(\.1.shape)
            return .init(
                name,
                .failed,
                "OpenBLAS computes wrong products: \(wrong.joined(separator: ", "))",
                remedy:
                    "Use another build or version of OpenBLAS; Debian's libopenblas0-pthread is known to be right"
            )
        }
        let share = String(format: "%.2f", worst.0)
        return .init(
            name,
            .passed,
            "\(products.count) shapes agree with double precision, within \(share) of k * eps"
        )
    }

    /// Lets threads multiply at once, and compares their bits with those of one alone.
    package static func concurrency(
        parallelModel: OpenBLAS.ParallelModel,
        calls: Int = 2_000,
        threads: Int = 8,
        _ multiply: @escaping @Sendable (Product) -> [Float]
    ) -> SelfTestReport.Check {
        let name = "Products on several threads"
        let remedy = "Use OpenBLAS' pthread build: on Debian and Ubuntu apt-get install libopenblas0-pthread"
        guard parallelModel != .serial else {
            return .init(
                name,
                .warning,
                "This is a serial build of OpenBLAS, which is not safe on several threads: models run one worker",
                remedy: remedy
            )
        }
        let job = Concurrency([Product(17, 33, 65), Product(64, 48, 96), Product(1, 64, 400)], multiply)
        WorkerPool(workerCount: threads) { OpenBLAS.useOneOpenMPThread() }.dispatch(job, units: calls)
        let wrong = job.wrong.load(ordering: .relaxed)
        return wrong == 0
            ? .init(name, .passed, "\(calls) products on \(threads) threads have the bits of one thread")
            : .init(
                name,
                .failed,
                "\(wrong) of \(calls) products on \(threads) threads have other bits than on one",
                remedy: remedy
            )
    }

    /// Each unit multiplies one of a few pairs, and compares.
    private final class Concurrency: WorkerJob {
        private let products: [(product: Product, bits: [UInt32])]
        private let multiply: @Sendable (Product) -> [Float]
        let wrong = Atomic<Int>(0)

        init(_ products: [Product], _ multiply: @escaping @Sendable (Product) -> [Float]) {
            self.multiply = multiply
            self.products = products.map { ($0, multiply($0).map(\.bitPattern)) }
        }

        func perform(unit: Int, worker: Int) {
            let (product, bits) = products[unit % products.count]
            if multiply(product).map(\.bitPattern) != bits { wrong.add(1, ordering: .relaxed) }
        }
    }
}
