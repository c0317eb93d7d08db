import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Predictor")
struct PredictorTests {
    @Test("Eight tasks at once get the bits of Model.predict, thousands of times", arguments: [1, 2, 3])
    func concurrent(threads: Int) async throws {
        let model = try SmallNetwork.trained(threads: threads)
        let predictor = try model.predictor()
        // Different samples in batches of different sizes, so that a mix-up would show.
        let requests = try (0..<24).map { try SmallNetwork.images(50).sliced($0..<(2 * $0 % 7 + $0 + 1)) }
        let expected = try requests.map { try model.predict($0).bits }
        let right = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<400).count { round in
                        let which = (task * 5 + round) % requests.count
                        return (try? predictor.predict(requests[which]).bits) == expected[which]
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(right == 3200)
    }

    @Test("Eight threads at once, more than there are processors, get the same bits")
    func threads() throws {
        let predictor = try SmallNetwork.trained().predictor()
        let x = try SmallNetwork.images(5)
        let expected = try predictor.predict(x).bits
        let wrong = Lock(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<100 where (try? predictor.predict(x).bits) != expected { wrong.withLock { $0 += 1 } }
        }
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test("A call that finds the workers taken computes alone, with the same bits, and waits for nobody")
    func alone() throws {
        let model = try Sequential(inputShape: [8, 8, 1], seed: 1, options: ComputeOptions(threads: 2)) {
            Conv2D(filters: 4, kernelSize: 3, activation: .relu)
            Gate()
            Flatten()
            Dense(units: 3, activation: .softmax)
        }
        let predictor = try model.predictor()
        let x = try SmallNetwork.images(20)
        let expected = try model.predict(x).bits
        let held = try Tensor(shape: [1, 8, 8, 1], repeating: 1e6)
        let thread = Thread { _ = try? predictor.predict(held) }
        thread.start()
        // The first call is now within the layer, and has the workers.
        try #require(Gate.entered.wait(timeout: .now() + 600) == .success)
        for _ in 0..<3 { #expect(try predictor.predict(x).bits == expected) }
        #expect(predictor.idleEngineCount == 1)
        Gate.leave.signal()
        while !thread.isFinished { usleep(1000) }
        #expect(try predictor.predict(x).bits == expected)
        #expect(predictor.idleEngineCount == 1)
    }

    @Test("Tasks that await get the same bits, more of them than turns to compute")
    func awaited() async throws {
        let predictor = try SmallNetwork.trained().predictor()
        let x = try SmallNetwork.images(20)
        func synchronous() throws -> [UInt32] { try predictor.predict(x).bits }
        let expected = try synchronous()
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 { group.addTask { try await predictor.predict(x).bits == expected } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 200)
        let error = await #expect(throws: ConvNetError.self) {
            try await predictor.predict(Tensor(zeros: [2, 9, 9, 1]))
        }
        #expect(error?.kind == .shape)
        #expect(try await predictor.predict(Tensor(zeros: [0, 8, 8, 1])).shape == [0, 3])
    }

    @Test("Tasks that await and tasks that block a thread ask at once: none waits for ever")
    func awaitedBesideBlocking() async throws {
        let predictor = try SmallNetwork.trained().predictor()
        let x = try SmallNetwork.images(20)
        let expected = try Self.block(predictor, x)
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number.isMultiple(of: 2) { return try await predictor.predict(x).bits == expected }
                    return try Self.block(predictor, x) == expected
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 200)
    }

    /// The form for threads, also within a task.
    private static func block(_ predictor: Predictor, _ x: Tensor) throws -> [UInt32] {
        try predictor.predict(x).bits
    }

    @Test("A cancelled task gets no predictions")
    func cancelled() async throws {
        let predictor = try SmallNetwork.trained().predictor()
        let x = try SmallNetwork.images(2)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await predictor.predict(x)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("A predictor may be asked while samples of another model are read")
    func nested() throws {
        // Every turn is held by a call whose dataset asks a predictor: none of them waits for another.
        let inner = try SmallNetwork.trained().predictor(), outer = try SmallNetwork.trained().predictor()
        let data = try SmallNetwork.images(6)
        let expected = try inner.predict(data).bits
        let wrong = Lock(0)
        DispatchQueue.concurrentPerform(iterations: 32) { _ in
            struct Asking: SampleDataset {
                let base: ArrayDataset, predictor: Predictor, images: Tensor, expected: [UInt32]
                var count: Int { base.count }
                var sampleShape: Shape { base.sampleShape }
                var targetKind: TargetKind { base.targetKind }
                func readSample(_ index: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws {
                    guard try predictor.predict(images).bits == expected else {
                        throw ConvNetError(.data, "Other predictions")
                    }
                    base.readSample(index, into: buffer)
                }
                func readLabel(_ index: Int) throws -> Int32 { try base.readLabel(index) }
                func readTarget(_ index: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws {
                    try base.readTarget(index, into: buffer)
                }
            }
            do {
                let base = try ArrayDataset(data, Labels([0, 1, 2, 0, 1, 2]))
                let asking = Asking(base: base, predictor: inner, images: data, expected: expected)
                let model = try SmallNetwork.trained()
                if try model.predict(asking).bits != outer.predict(data).bits { wrong.withLock { $0 += 1 } }
            } catch {
                wrong.withLock { $0 += 1 }
            }
        }
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test("A predictor stays what its model was")
    func snapshot() throws {
        let model = try SmallNetwork.trained()
        let x = try SmallNetwork.images()
        let predictor = try model.predictor()
        let before = try model.predict(x).bits
        try SmallNetwork.train(model, epochs: 4, after: 2)
        #expect(try model.predict(x).bits != before)
        #expect(try predictor.predict(x).bits == before)
        #expect(try model.predictor().predict(x).bits == model.predict(x).bits)
    }

    @Test("It outlives its model, and needs no compilation")
    func independence() throws {
        let x = try SmallNetwork.images()
        let predictor = try SmallNetwork.make().predictor()
        #expect(predictor.name == "small")
        #expect(predictor.inputShape == [8, 8, 1])
        #expect(predictor.outputShape == [3])
        #expect(try predictor.predict(x).bits == SmallNetwork.make().predict(x).bits)
        #expect(
            try predictor.predict(x, batchSize: 7).bits == SmallNetwork.make().predict(x, batchSize: 7).bits
        )
        #expect(try predictor.predict(Tensor(zeros: [0, 8, 8, 1])).shape == [0, 3])
    }

    @Test("Samples that do not fit, or are not finite, are errors, and the predictor goes on")
    func badSamples() throws {
        let predictor = try SmallNetwork.make().predictor()
        let x = try SmallNetwork.images(3)
        let expected = try predictor.predict(x).bits
        var error = #expect(throws: ConvNetError.self) { try predictor.predict(Tensor(zeros: [2, 8, 1])) }
        #expect(error?.kind == .shape)
        error = #expect(throws: ConvNetError.self) { try predictor.predict(x, batchSize: 0) }
        #expect(error?.kind == .argument)
        error = #expect(throws: ConvNetError.self) {
            try predictor.predict(Tensor(shape: [1, 8, 8, 1], repeating: .nan))
        }
        #expect(error?.kind == .data)
        #expect(try predictor.predict(x).bits == expected)
    }
}

/// Passes its input on; a sample of very large values must wait until it may leave.
private struct Gate: SampleLayer {
    static let kind = "Gate"
    static let entered = DispatchSemaphore(value: 0), leave = DispatchSemaphore(value: 0)

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }

    func forward(_ sample: SampleContext) {
        _ = sample.output.update(fromContentsOf: sample.input(0))
        guard sample.input(0).contains(where: { $0 > 1000 }) else { return }
        Gate.entered.signal()
        Gate.leave.wait()
    }

    func backward(_ sample: SampleContext) {}
}
