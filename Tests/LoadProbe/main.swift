// Serves 100,000 predictions to eight tasks at once, and says how much memory is resident on the way:
// `load-probe [tasks | threads]`.

import Foundation
import SwiftConvNet
import Synchronization

let model = try Sequential(inputShape: [12, 12, 1], seed: 1, options: ComputeOptions(threads: 2)) {
    Conv2D(filters: 8, kernelSize: 3, padding: .same, useBias: false)
    BatchNormalization()
    ReLU()
    MaxPooling2D(poolSize: 2)
    Conv2D(filters: 8, kernelSize: 3, activation: .relu)
    Flatten()
    Dense(units: 10, activation: .softmax)
}
let predictor = try model.predictor()

/// Different samples, alone and in batches, so that a mix-up would show.
let requests = try (0..<32).map { number in
    try Tensor(shape: [number % 4 == 0 ? 3 : 1, 12, 12, 1]) { place in
        let pixel = 12 * place[1] + place[2] + 7 * place[0]
        return Float(pixel * (number + 3) % 101) / 101
    }
}

func bits(_ tensor: Tensor) -> [UInt32] { tensor.withUnsafeBufferPointer { $0.map(\.bitPattern) } }

/// The answers that each request gets alone, before there is any load.
let expected = try requests.map { bits(try model.predict($0)) }

/// Asks for predictions, and returns how many answers were right.
func ask(_ count: Int, from task: Int) -> Int {
    (0..<count).count { round in
        let which = (task * 5 + round) % requests.count
        return (try? predictor.predict(requests[which])).map(bits) == expected[which]
    }
}

/// Asks from eight tasks, or eight threads, at once.
func serve(_ count: Int, inThreads: Bool) async -> Int {
    if inThreads {
        let right = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { task in
            _ = right.add(ask(count / 8, from: task), ordering: .relaxed)
        }
        return right.load(ordering: .relaxed)
    }
    return await withTaskGroup(of: Int.self) { group in
        for task in 0..<8 { group.addTask { ask(count / 8, from: task) } }
        return await group.reduce(0, +)
    }
}

/// The resident size of this process in KiB, as Linux tells it: nothing is given back to the system before.
func residentSize() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
}

let inThreads = CommandLine.arguments.contains("threads")
let start = ContinuousClock.now
var served = 0, right = 0
for count in [10_000, 100_000] {
    right += await serve(count - served, inThreads: inThreads)
    served = count
    print(served, right, try residentSize())
}
FileHandle.standardError.write(Data("\((ContinuousClock.now - start) / .seconds(1)) s\n".utf8))
