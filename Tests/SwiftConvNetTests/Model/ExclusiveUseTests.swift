import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("One thread at a time")
struct ExclusiveUseTests {
    /// Hands something that is not `Sendable` to a thread, as a program in Swift 5 mode may.
    private struct Unchecked<Value>: @unchecked Sendable { let value: Value }

    private static func model() throws -> Model {
        let model = try Sequential(inputShape: [4], seed: 1) { Dense(units: 3) }
        try model.compile(optimizer: .sgd(), loss: .mse())
        return model
    }

    /// What a call throws on a thread of its own.
    private static func error(onAnotherThread call: @escaping @Sendable () throws -> Void) -> (any Error)? {
        let answer = Unchecked(value: UnsafeMutablePointer<(any Error)?>.allocate(capacity: 1))
        answer.value.initialize(to: nil)
        defer { answer.value.deallocate() }
        let done = DispatchSemaphore(value: 0)
        Thread {
            do { try call() } catch { answer.value.pointee = error }
            done.signal()
        }.start()
        done.wait()
        return answer.value.move()
    }

    /// Every call of a model that needs it for itself.
    private static let calls: [(name: String, call: @Sendable (Model) throws -> Void)] = {
        let x = try? Tensor(shape: [2, 4], repeating: 1), y = try? Tensor(shape: [2, 3], repeating: 1)
        guard let x, let y else { return [] }
        return [
            ("compile", { try $0.compile(optimizer: .sgd(), loss: .mse()) }),
            ("fit", { _ = try $0.fit(x, y, verbose: .silent) }),
            ("evaluate", { _ = try $0.evaluate(x, y) }),
            ("predict", { _ = try $0.predict(x) }),
            ("trainOnBatch", { try $0.trainOnBatch(x, y) }),
            ("gradients", { _ = try $0.gradients(x, y) }),
            ("predictor", { _ = try $0.predictor() }),
            ("setParameters", { try $0.setParameters([:]) }),
            ("save", { try $0.save(to: "/dev/null/nowhere") }),
            ("saveWeights", { try $0.saveWeights(to: "/dev/null/nowhere") }),
            ("loadWeights", { try $0.loadWeights(from: "/dev/null/nowhere") }),
            ("profile", { _ = try $0.profile(batchSize: 1) }),
            ("the plan of a batch", { _ = try $0.summary(batchSize: 1) }),
        ]
    }()

    @Test("A second thread gets an error that names the call and the predictor", arguments: calls.map(\.name))
    func secondThread(name: String) throws {
        let call = try #require(Self.calls.first { $0.name == name }).call
        let model = try Self.model(), shared = Unchecked(value: model)
        try model.use.begin("the test")
        let error = Self.error(onAnotherThread: { try call(shared.value) })
        let refusal = try #require(error as? ConvNetError)
        #expect(refusal.kind == .state)
        #expect(refusal.location == name)
        #expect(refusal.remedy?.contains("predictor()") == true)
        model.use.end()
        // Afterwards it is free again.
        _ = try model.predict(Tensor(shape: [1, 4], repeating: 1))
    }

    @Test(
        "While a model is used, no other thread uses one that shares its parameters",
        arguments: [true, false]
    )
    func sharedParameters(innerIsUsed: Bool) throws {
        let inner = try Sequential(inputShape: [4]) { Dense(units: 3) }
        let outer = try Sequential(inputShape: [4]) {
            inner
            Dense(units: 2)
        }
        let x = try Tensor(shape: [2, 4], repeating: 1)
        let used = innerIsUsed ? inner : outer, other = Unchecked(value: innerIsUsed ? outer : inner)
        try used.use.begin("the test")
        let error = Self.error(onAnotherThread: { _ = try other.value.predict(x) })
        #expect((error as? ConvNetError)?.kind == .state)
        // The thread that has the one may use the other.
        _ = try other.value.predict(x)
        used.use.end()
        #expect(Self.error(onAnotherThread: { _ = try other.value.predict(x) }) == nil)
    }

    @Test("Models that share an input, or a layer without parameters, share nothing")
    func sharingNothing() throws {
        let input = Input(shape: [4]), relu = SharedLayer(ReLU())
        let first = try Model(inputs: input, outputs: Dense(units: 2)(relu(input)))
        let second = Unchecked(value: try Model(inputs: input, outputs: Dense(units: 2)(relu(input))))
        let x = try Tensor(shape: [2, 4], repeating: 1)
        try first.use.begin("the test")
        defer { first.use.end() }
        #expect(Self.error(onAnotherThread: { _ = try second.value.predict(x) }) == nil)
    }

    @Test("A callback of fit may use the model that trains")
    func sameThread() throws {
        let model = try Self.model()
        let x = try Tensor(shape: [2, 4], repeating: 1), y = try Tensor(shape: [2, 3], repeating: 1)
        let callback = LambdaCallback(onEpochEnd: { _, session in _ = try session.model.evaluate(x, y) })
        #expect(try model.fit(x, y, epochs: 2, verbose: .silent, callbacks: [callback]).epochs.count == 2)
        #expect(throws: Never.self) { try model.predict(x) }
    }

    /// Asks the model that is reading it.
    private struct Recursive: SampleDataset {
        let model: Unchecked<Model>
        let count = 4
        let sampleShape: Shape = [4]
        let targetKind = TargetKind.none
        func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
            destination.update(repeating: 1)
            if index == 2 { _ = try model.value.predict(Tensor(shape: [1, 4], repeating: 1)) }
        }
    }

    @Test(
        "A dataset that asks the model which reads it gets an error, and the model stays usable",
        arguments: [1, 2]
    )
    func recursion(threads: Int) throws {
        let model = try Sequential(inputShape: [4], seed: 1, options: ComputeOptions(threads: threads)) {
            Dense(units: 3)
        }
        let error = #expect(throws: ConvNetError.self) {
            try model.predict(Recursive(model: Unchecked(value: model)))
        }
        #expect(error?.kind == .state)
        #expect(error?.location?.contains("sample 2") == true)
        #expect(error?.remedy?.contains("predictor()") == true)
        #expect(try model.predict(Tensor(shape: [2, 4], repeating: 1)).shape == [2, 3])
    }

    @Test("Threads that take turns may use one model")
    func oneAfterTheOther() throws {
        let shared = Unchecked(value: try Self.model())
        for _ in 0..<3 {
            let done = DispatchSemaphore(value: 0)
            let answer = Unchecked(value: UnsafeMutablePointer<Bool>.allocate(capacity: 1))
            defer { answer.value.deallocate() }
            Thread {
                let samples = try? Tensor(shape: [1, 4], repeating: 1)
                answer.value.initialize(to: samples.map { (try? shared.value.predict($0)) != nil } == true)
                done.signal()
            }.start()
            done.wait()
            #expect(answer.value.pointee)
        }
    }
}
