import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// What a machine can refuse. Limits are the whole process's, so each test has a process of its own.
@Suite("Resources that the machine refuses")
struct ResourceLimitTests {
    private static func limit(_ resource: __rlimit_resource, to value: Int) throws {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        try #require(setrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0)
    }

    /// Lets a signal come on this thread: those that run tests have most of them blocked.
    private static func letThrough(_ signal: Int32) {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, signal)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// A network of matrix products, which OpenBLAS computes.
    private static func network(threads: Int) throws -> Sequential {
        let model = try Sequential(inputShape: [64], seed: 1, options: ComputeOptions(threads: threads)) {
            Dense(units: 64, activation: .relu)
            Dense(units: 8, activation: .softmax)
        }
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
        return model
    }

    private static let samples = Result { try TestValues.uniform([96, 64], seed: 3) }
    private static let labels = Labels((0..<96).map { Int32($0 % 8) })

    @Test("Without the memory that OpenBLAS takes, every call that needs it is an error that says how much")
    func noBuffer() async {
        await #expect(processExitsWith: .success) {
            let samples = try Self.samples.get()
            let model = try Self.network(threads: 2)
            MemoryLimit.leave(mebibytes: 100)
            let calls: [() throws -> Void] = [
                { _ = try model.predict(samples) },
                { try model.fit(samples, Self.labels, verbose: .silent) },
                { _ = try model.evaluate(samples, Self.labels) },
                { _ = try model.gradients(samples, Self.labels) },
                { _ = try model.predictor().predict(samples) },
                { _ = try QRFactorization([1, 2, 3, 4], rows: 2, columns: 2) },
            ]
            for call in calls {
                let error = #expect(throws: ConvNetError.self) { try call() }
                #expect(error?.kind == .environment)
                let text = error?.description ?? ""
                #expect(
                    text.contains("OpenBLAS") && text.contains("134 MB") && text.contains("ulimit -v"),
                    "\(text)"
                )
            }
            let report = ConvNet.selfTest()
            #expect(!report.passes)
            #expect(report.checks.contains { $0.name == "Memory" && $0.outcome == .failed })
        }
    }

    @Test("With memory for some of the workers these compute, to the same bits")
    func fewerWorkers() async {
        await #expect(processExitsWith: .success) {
            let samples = try Self.samples.get()
            let expected = try Self.network(threads: 1).predict(samples)
            // One buffer is there; one more leaves what a network takes, and a third does not.
            MemoryLimit.leave(mebibytes: 430)
            let model = try Self.network(threads: 4)
            #expect(try model.predict(samples).bits == expected.bits)
            #expect(try model.engine.workerCount() == 2)
            try model.fit(samples, Self.labels, epochs: 2, verbose: .silent)
        }
    }

    @Test("A product that OpenBLAS has no memory for is computed without it")
    func product() async {
        await #expect(processExitsWith: .success) {
            MemoryLimit.leave(mebibytes: 60)
            var c: [Float] = [0, 0, 0, 0]
            GEMMPath.openBLAS.multiply(
                m: 2,
                n: 2,
                k: 2,
                a: [1, 2, 3, 4],
                lda: 2,
                b: [5, 6, 7, 8],
                ldb: 2,
                c: &c,
                ldc: 2
            )
            #expect(c == [19, 22, 43, 50])
        }
    }

    @Test("What is large is an error where the address space ends, and the process goes on")
    func addressSpace() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try AtomicFile.write([UInt8](repeating: 1, count: 100 << 20), to: folder.file("large"))
            let model = try Sequential(inputShape: [1024], layers: [Dense(units: 12 << 10)], seed: 1)
            _ = try model.predict(Tensor(zeros: [1, 1024]))
            MemoryLimit.leave(mebibytes: 64)
            let calls: [() throws -> Void] = [
                { _ = try Tensor(zeros: [40 << 20]) },
                { _ = try model.predictor() },
                { try model.compile(optimizer: .adam(), loss: .mse()) },
                { _ = try model.predict(Tensor(zeros: [1024, 1024]), batchSize: 1024) },
                { _ = try model.parameter(named: "dense/kernel") },
                { _ = try Sequential(inputShape: [1024], layers: [Dense(units: 16 << 10)]) },
                { _ = try FileContents.read(folder.file("large"), limit: 1 << 30) },
                { _ = try Model.load(from: folder.file("large")) },
            ]
            for (place, call) in calls.enumerated() {
                let error = #expect(throws: ConvNetError.self, "\(place)") { try call() }
                #expect(error?.kind == .environment || place == calls.count - 1, "\(place): \(error as Any)")
            }
            // What fits still works.
            #expect(try Tensor(zeros: [1 << 20]).count == 1 << 20)
        }
    }

    @Test("Workers that cannot be started are not needed")
    func threads() async {
        await #expect(processExitsWith: .success) {
            MemoryLimit.leave(mebibytes: 120)
            let count = WorkerPool(workerCount: 64).workerCount
            #expect((1..<64).contains(count))
        }
    }

    @Test("A file that grows past the limit is an error with the limit; no signal comes, the old file stays")
    func fileSize() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let model = try Sequential(inputShape: [256], layers: [Dense(units: 256)], seed: 1)
            try model.save(to: folder.file("model"))
            let old = try FileContents.read(folder.file("model"), limit: 1 << 24)
            try model.setWeights(model.parameters.map { try Tensor(zeros: $0.values.shape) })
            try Self.limit(RLIMIT_FSIZE, to: 100_000)
            Self.letThrough(SIGXFSZ)
            let error = #expect(throws: ConvNetError.self) { try model.save(to: folder.file("model")) }
            #expect(error?.kind == .file)
            #expect(error?.expected == "at most 100000 bytes, the limit of a file's size (ulimit -f)")
            #expect(try FileContents.read(folder.file("model"), limit: 1 << 24) == old)
            #expect(try folder.names == ["model"])
            // The signal is as it was: not ignored, not blocked, and none waits.
            var action = sigaction(), mask = sigset_t(), pending = sigset_t()
            sigaction(SIGXFSZ, nil, &action)
            #expect(action.__sigaction_handler.sa_handler == nil)
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            sigpending(&pending)
            #expect(sigismember(&mask, SIGXFSZ) == 0 && sigismember(&pending, SIGXFSZ) == 0)
        }
    }

    @Test("A pipe that nobody reads is an error, and no signal comes")
    func closedPipe() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            Self.letThrough(SIGPIPE)
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            close(ends[0])
            let writer = FileWriter(descriptor: ends[1], path: "pipe")
            try writer.write("text")
            let error = #expect(throws: ConvNetError.self) { try writer.flush() }
            #expect(error?.kind == .file && writer.lastErrorCode == EPIPE)
        }
    }

    @Test("Without a free descriptor saving and loading are errors, and the old file stays")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let model = try Sequential(inputShape: [4], layers: [Dense(units: 4)], seed: 1)
            try model.save(to: folder.file("model"))
            let first = open("/dev/null", O_RDONLY)
            try Self.limit(RLIMIT_NOFILE, to: Int(first) + 1)
            for call in [
                { try model.save(to: folder.file("model")) },
                { _ = try Model.load(from: folder.file("model")) },
            ] {
                let error = #expect(throws: ConvNetError.self) { try call() }
                #expect(error?.kind == .file)
                #expect(error?.description.contains("Too many open files") == true)
            }
            close(first)
            _ = try Model.load(from: folder.file("model"))
        }
    }

    @Test(
        "A process that is killed while it writes leaves the old file and nothing else",
        .enabled(if: TemporaryFolder.holdsFilesWithoutNames)
    )
    func killed() async throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("old", to: folder.file("file"))
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.file("file") as String] in
            try AtomicFile.write(to: path) { file in
                try file.write([UInt8](repeating: 1, count: 1 << 20))
                kill(getpid(), SIGKILL)
                pause()
            }
        }
        #expect(try FileContents.read(folder.file("file"), limit: 100) == Array("old".utf8))
        #expect(try folder.names == ["file"])
    }
}
