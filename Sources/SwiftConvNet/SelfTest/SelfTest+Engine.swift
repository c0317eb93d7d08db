import CKernels

extension SelfTest {
    /// Whether denormals can be flushed on a thread, and be had again.
    static func denormals() -> SelfTestReport.Check {
        func half() -> Float {
            var value = Float.leastNormalMagnitude
            ck_scale(&value, 1, 0.5)
            return value
        }
        let name = "Denormals"
        let before = half()
        let state = ck_flush_denormals()
        let flushed = half()
        ck_restore_denormals(state)
        let after = half()
        guard before == after else {
            return .init(name, .failed, "The setting of the calling thread cannot be restored")
        }
        return flushed == 0
            ? .init(
                name,
                .passed,
                "Flushed to zero while a model computes, and the caller's setting restored"
            )
            : .init(
                name,
                .warning,
                "This processor cannot flush them: training on near-zero numbers is slow"
            )
    }

    /// Whether as many workers start as are asked for.
    static func workers(environment: [String: String]) -> SelfTestReport.Check {
        let name = "Workers"
        do {
            let count = try ComputeOptions().workerCount(environment: environment)
            let started = WorkerPool(workerCount: count).workerCount
            guard started == count else {
                return .init(
                    name,
                    .warning,
                    "Only \(started) of \(count) workers could be started",
                    remedy: "Raise the limit of threads, ulimit -u, or that of the control group, pids.max"
                )
            }
            let processors = availableProcessorCount()
            guard count <= processors else {
                return .init(
                    name,
                    .warning,
                    "\(count) workers share \(processors) processors",
                    remedy: "Unset SWIFTCONVNET_NUM_THREADS, or set it to \(processors)"
                )
            }
            return .init(name, .passed, "\(count) on \(processors) processors")
        } catch {
            return .init(name, .failed, text(error), remedy: "Unset SWIFTCONVNET_NUM_THREADS")
        }
    }

    /// Trains a small network on one worker and on three, and compares the bits.
    static func sameBits() -> SelfTestReport.Check {
        let name = "Training"
        do {
            let runs = try [1, 3].map(train)
            return runs[0] == runs[1]
                ? .init(name, .passed, "A small network has the same bits on 1 and on 3 workers")
                : .init(
                    name,
                    .failed,
                    "A small network has other bits on 3 workers than on 1",
                    remedy: "Please report it, with all of this"
                )
        } catch {
            return .init(name, .failed, text(error))
        }
    }

    /// The bits of all parameters after three steps.
    private static func train(threads: Int) throws -> [UInt32] {
        let model = try Sequential(
            inputShape: [12, 12, 2],
            seed: 1,
            options: ComputeOptions(threads: threads)
        ) {
            Conv2D(filters: 8, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            BatchNormalization()
            Flatten()
            Dropout(rate: 0.25)
            Dense(units: 4, activation: .softmax)
        }
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
        var random = RandomStream(seed: 1, purpose: .user)
        let x = try Tensor(shape: [48, 12, 12, 2]) { _ in random.nextUniform() }
        try model.fit(x, Labels((0..<48).map { Int32($0 % 4) }), batchSize: 16, verbose: .silent)
        return model.parameters.flatMap { $0.values.elements.map(\.bitPattern) }
    }
}
