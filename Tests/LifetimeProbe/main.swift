// Prints how many threads this process has and how much memory, while models come and go or while one trains for long.
// A process of its own, for a test program has threads and memory of its own making.

import Foundation
import SwiftConvNet

/// Threads, and resident memory in KiB, of this process at the moment; nothing where there is no `/proc`.
///
/// - Parameter expected: as many threads as there should be. The kernel counts a thread that has been joined until it has
///   cleared away behind it, so more are given time, which a busy machine needs.
/// - Returns: how many threads there are.
@discardableResult
func report(_ count: Int, expectedThreads expected: Int = .max) -> Int {
    func field(_ name: String) -> String {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.map(String.init) ?? "unknown"
    }
    var patience = 60_000
    while let threads = Int(field("Threads")), threads > expected, patience > 0 {
        usleep(1000)
        patience -= 1
    }
    print(count, field("Threads"), field("VmRSS"))
    return Int(field("Threads")) ?? .max
}

func data(_ count: Int, _ side: Int) throws -> ArrayDataset {
    try ArrayDataset(
        Tensor(shape: [count, side, side, 1]) { (place: [Int]) -> Float in
            let value = place[0] * 31 + place[1] * 7 + place[2]
            return Float(value % 97) / 97
        },
        Labels((0..<count).map { Int32($0 % 10) })
    )
}

func model(_ side: Int, filters: Int) throws -> Sequential {
    let model = try Sequential(inputShape: [side, side, 1], seed: 1, options: ComputeOptions(threads: 3)) {
        Conv2D(filters: filters, kernelSize: 3, activation: .relu)
        BatchNormalization()
        MaxPooling2D(poolSize: 2)
        Flatten()
        Dropout(rate: 0.5)
        Dense(units: 10, activation: .softmax)
    }
    try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
    return model
}

switch CommandLine.arguments.dropFirst().first {
case "models":
    // Made, trained one step, asked, and dropped; a predictor is a model's heir and comes and goes with it.
    let samples = try data(16, 12)
    let x = try samples.images
    func live() throws {
        let model = try model(12, filters: 8)
        try model.fit(samples, batchSize: 16, verbose: .silent)
        _ = try model.predictor().predict(x)
    }
    // OpenBLAS may have threads of its own from the beginning.
    let threads = report(0)
    for count in 1...1_000 {
        try live()
        if count == 100 || count == 1_000 { report(count, expectedThreads: threads) }
    }
case "predictors":
    // Many predictions of one predictor by four at once, and many predictors.
    let model = try model(12, filters: 8)
    let predictor = try model.predictor()
    let x = try data(8, 12).images
    func serve(_ count: Int) throws {
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<(count / 4) { _ = try? predictor.predict(x) }
        }
        for _ in 0..<50 { _ = try model.predictor().predict(x) }
    }
    try serve(2_000)
    report(2_000)
    try serve(8_000)
    report(10_000)
case "epochs":
    let samples = try data(1_000, 20)
    let model = try model(20, filters: 16)
    let reporter = LambdaCallback(onEpochEnd: { epoch, _ in report(epoch.epoch) })
    try model.fit(
        samples,
        batchSize: 64,
        epochs: 20,
        verbose: .silent,
        callbacks: [reporter],
        validationSplit: 0.2
    )
default:
    print("usage: lifetime-probe models|predictors|epochs")
    exit(64)
}
