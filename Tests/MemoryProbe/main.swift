// Says how much memory a process takes whose batches have one size or many, and how it stands many callers at once.
//
// `memory-probe sizes predict|evaluate|train|predictor one|all` prints the KiB that have become resident: `one` sees
// batches of 64 samples, `all` of 1 to 64, as often.
// `memory-probe file PATH MEBIBYTES EPOCHS` makes a NumPy file full of holes, trains on it, and prints the most anonymous
// memory of each epoch in KiB.
// `memory-probe callers predictor|models COUNT [path]` prints how many of COUNT threads, released at once, got the right
// answer, and the KiB that have become resident.

import Foundation
import SwiftConvNet
import Synchronization

/// The resident size of this process in KiB, as Linux tells it.
func residentSize() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
}

/// Ends the process.
func fail(_ error: any Error) -> Never {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}

/// Runs `body` on `count` threads that begin at the same moment.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let start = DispatchSemaphore(value: 0), end = DispatchSemaphore(value: 0)
    for number in 0..<count {
        let thread = Thread {
            start.wait()
            body(number)
            end.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
    }
    for _ in 0..<count { start.signal() }
    for _ in 0..<count { end.wait() }
}

/// Batches of many sizes, or as many of the largest alone.
func sizes(_ call: String, varies: Bool) throws {
    let largest = 64
    let model = try Sequential(inputShape: [7, 7, 256], seed: 1) {
        for _ in 0..<4 { Conv2D(filters: 256, kernelSize: 3, padding: .same, activation: .relu) }
        GlobalAveragePooling2D()
        Dense(units: 1000)
    }
    try model.compile(optimizer: .sgd(), loss: .mse())
    @Sendable func samples(_ count: Int) throws -> Tensor {
        try Tensor(shape: [count, 7, 7, 256], repeating: 0.5)
    }
    func targets(_ count: Int) throws -> Tensor { try Tensor(shape: [count, 1000], repeating: 0.1) }

    let start = try residentSize()
    let predictor = try call == "predictor" ? model.predictor() : nil
    if let predictor {
        onThreads(8) { thread in
            var random = RandomStream(seed: UInt64(thread), purpose: .user)
            for _ in 0..<12 {
                let drawn = 1 + random.integer(below: largest)
                let size = varies ? drawn : largest
                do { _ = try predictor.predict(samples(size), batchSize: size) } catch { fail(error) }
            }
        }
    } else {
        for size in 1...largest {
            let size = varies ? size : largest
            switch call {
            case "predict": _ = try model.predict(samples(size), batchSize: size)
            case "evaluate": _ = try model.evaluate(samples(size), targets(size), batchSize: size)
            default: try model.trainOnBatch(samples(size), targets(size))
            }
        }
    }
    // What is not used any more may be given back already.
    try withExtendedLifetime((model, predictor)) { print(try residentSize() - start) }
}

/// Many threads that ask one predictor, or that each train a model of their own.
func callers(_ what: String, _ count: Int, path: ComputeOptions.ConvolutionPath) throws {
    let right = Atomic<Int>(0)
    let options = ComputeOptions(convolutionPath: path)
    @Sendable func bits(_ tensor: Tensor) -> [UInt32] {
        tensor.withUnsafeBufferPointer { $0.map(\.bitPattern) }
    }
    let start: Int
    if what == "predictor" {
        let model = try Sequential(inputShape: [2048], seed: 1, options: options) { Dense(units: 2048) }
        let predictor = try model.predictor()
        let samples = try Tensor(shape: [64, 2048]) { Float(($0[0] * 31 + $0[1]) % 101) / 101 }
        let expected = bits(try predictor.predict(samples, batchSize: 64))
        start = try residentSize()
        onThreads(count) { _ in
            if let answer = try? predictor.predict(samples, batchSize: 64), bits(answer) == expected {
                right.add(1, ordering: .relaxed)
            }
        }
    } else {
        @Sendable func train() throws -> [UInt32] {
            let model = try Sequential(inputShape: [12, 12, 8], seed: 1, options: options) {
                Conv2D(filters: 16, kernelSize: 3, activation: .relu)
                Flatten()
                Dense(units: 64)
            }
            try model.compile(optimizer: .adam(), loss: .mse())
            let samples = try Tensor(shape: [32, 12, 12, 8], repeating: 0.25)
            for _ in 0..<3 { try model.trainOnBatch(samples, Tensor(shape: [32, 64], repeating: 0.5)) }
            return model.parameters.flatMap { bits($0.values) }
        }
        let expected = try train()
        start = try residentSize()
        onThreads(count) { _ in if (try? train()) == expected { right.add(1, ordering: .relaxed) } }
    }
    print(right.load(ordering: .relaxed), try residentSize() - start)
}

let arguments = CommandLine.arguments
if arguments[1] == "sizes" {
    try sizes(arguments[2], varies: arguments[3] == "all")
} else if arguments[1] == "file" {
    try epochs(of: arguments[2], mebibytes: Int(arguments[3]) ?? 64, epochs: Int(arguments[4]) ?? 20)
} else {
    let path = arguments.count > 4 ? ComputeOptions.ConvolutionPath(rawValue: arguments[4]) : nil
    try callers(arguments[2], Int(arguments[3]) ?? 300, path: path ?? .automatic)
}
