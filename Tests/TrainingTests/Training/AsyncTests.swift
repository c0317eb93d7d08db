import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Training, evaluation and prediction by tasks")
struct AsyncTests {
    private static func model(dropout: Float = 0.2) throws -> Sequential {
        let model = try Sequential(inputShape: [4], seed: 1) {
            Dense(units: 8, activation: .relu)
            Dropout(rate: dropout)
            Dense(units: 3, activation: .softmax)
        }
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        return model
    }

    private static func data(_ count: Int = 24) throws -> ArrayDataset {
        try ArrayDataset(
            TestValues.uniform([count, 4], seed: 2),
            Labels((0..<count).map { Int32($0 % 3) })
        )
    }

    /// What the model does without tasks. A function of its own, for in an `async` one the forms with `async` are taken.
    private static func expected() throws -> (weights: [[UInt32]], figures: MetricValues, predictions: Tensor)
    {
        let model = try model(), data = try data()
        try model.fit(data, batchSize: 8, epochs: 3, verbose: .silent)
        return (
            model.parameters.map(\.values.bits), try model.evaluate(data), try model.predict(data.images)
        )
    }

    @Test("The same bits as without tasks")
    func sameBits() async throws {
        let model = try Self.model(), data = try Self.data()
        let history = try await model.fit(data, batchSize: 8, epochs: 3, verbose: .silent)
        let expected = try Self.expected()
        #expect(history.epochs.count == 3)
        #expect(model.parameters.map(\.values.bits) == expected.weights)
        #expect(try await model.evaluate(data) == expected.figures)
        #expect(try await model.predict(data.images) == expected.predictions)
        #expect(try await model.predictions(for: data)["dense_1"] == expected.predictions)
        let again = try Self.model()
        try await again.fit(data.images, data.labels ?? [], batchSize: 8, epochs: 3, verbose: .silent)
        #expect(again.parameters.map(\.values.bits) == expected.weights)
        #expect(try await again.evaluate(data.images, data.labels ?? []) == expected.figures)
    }

    @Test("A model can be sent into a task, and an actor can own one")
    func isolation() async throws {
        let model = try Self.model(), data = try Self.data()
        let task = Task {
            try await model.fit(data, verbose: .silent)
            return try model.predictor()
        }
        #expect(try await task.value.outputShape == [3])

        actor Trainer {
            private let model: Model
            init() throws { model = try AsyncTests.model() }
            func train() async throws -> Int {
                try await model.fit(AsyncTests.data(), epochs: 2, verbose: .silent).epochs.count
            }
        }
        #expect(try await Trainer().train() == 2)
    }

    @MainActor @Test("The main actor is free while its model trains")
    func mainActor() async throws {
        let model = try Self.model(), data = try Self.data()
        let isFree = Lock(false)
        // Training waits until the main actor has done something else.
        let waiting = LambdaCallback(onEpochEnd: { _, _ in
            while !isFree.withLock({ $0 }) { usleep(1000) }
        })
        let other = Task { @MainActor in isFree.withLock { $0 = true } }
        try await model.fit(data, verbose: .silent, callbacks: [waiting])
        await other.value
    }

    @Test("More models train at once than the pool of tasks has threads, and each waits for the others")
    func poolIsFree() async throws {
        let count = 4 * ProcessInfo.processInfo.activeProcessorCount
        let arrived = Lock(0)
        try await withThrowingTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    let model = try Self.model()
                    let meeting = LambdaCallback(onEpochEnd: { _, _ in
                        arrived.withLock { $0 += 1 }
                        while arrived.withLock({ $0 }) < count { usleep(1000) }
                    })
                    try await model.fit(Self.data(), verbose: .silent, callbacks: [meeting])
                }
            }
            try await group.waitForAll()
        }
        #expect(arrived.withLock { $0 } == count)
    }

    @Test("Cancelling the task ends training after the step at hand")
    func cancellation() async throws {
        let task = Task {
            let model = try Self.model(), data = try Self.data()
            let cancelling = LambdaCallback(onEpochEnd: { epoch, _ in
                // The task cancels itself, as it were: `isCancelled` of the task is seen by the thread.
                if epoch.epoch >= 2 { Self.running.withLock { $0?.cancel() } }
            })
            do {
                try await model.fit(
                    data,
                    batchSize: 8,
                    epochs: 1000,
                    verbose: .silent,
                    callbacks: [cancelling]
                )
            } catch is CancellationError {
                return model.stepCount
            }
            return -1
        }
        Self.running.withLock { $0 = task }
        let steps = try await task.value
        #expect(steps >= 6 && steps < 3000)
        let before = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await Self.model().evaluate(Self.data())
        }
        await #expect(throws: CancellationError.self) { try await before.value }
    }

    private static let running = Lock<Task<Int, any Error>?>(nil)

    @Test("Epochs come as a sequence, which ends with the run however that ends")
    func epochs() async throws {
        let model = try Self.model(), data = try Self.data()
        let epochs = EpochStream()
        let watching = Task {
            var losses: [Double] = []
            for await epoch in epochs { losses.append(epoch.values.loss ?? .nan) }
            return losses
        }
        let history = try await model.fit(
            data,
            batchSize: 8,
            epochs: 4,
            verbose: .silent,
            callbacks: [epochs]
        )
        #expect(await watching.value == history["loss"])

        let failing = EpochStream()
        let waiting = Task { await failing.reduce(0) { count, _ in count + 1 } }
        await #expect(throws: ConvNetError.self) {
            try await model.fit(data, batchSize: 0, verbose: .silent, callbacks: [failing])
        }
        #expect(await waiting.value == 0)
    }

    @Test("A second task that uses the model meanwhile gets an error")
    func oneAtATime() async throws {
        let model = try Self.model(), data = try Self.data()
        let error = Lock<(any Error)?>(nil)
        let shared = Unchecked(value: model)
        let meanwhile = LambdaCallback(onEpochEnd: { _, _ in
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                do { _ = try await shared.value.predict(Self.data().images) } catch let failure {
                    error.withLock { $0 = failure }
                }
                done.signal()
            }
            done.wait()
        })
        try await model.fit(data, verbose: .silent, callbacks: [meanwhile])
        #expect((error.withLock { $0 } as? ConvNetError)?.kind == .state)
    }

    /// Hands something that is not `Sendable` to a task, as a program in Swift 5 mode may.
    private struct Unchecked<Value>: @unchecked Sendable { let value: Value }
}
