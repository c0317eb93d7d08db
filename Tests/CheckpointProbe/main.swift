// A training run that is killed: checkpoint-probe FOLDER [slow | kill EVENT NUMBER | limit BYTES]
//
// It trains on pictures that are read ahead, changed at random and mixed, in FOLDER with checkpoints after every second step,
// resumes from those that are there, and leaves model.safetensors and log.csv. Events are `s`, a step, and `w`, a piece of a
// checkpoint that has been written.
// slow: it waits after every event, for somebody to kill it. kill: it kills itself at the event of this number. limit: no
// file may grow beyond so many bytes from the fifth step of this process on, as if the disk were full.

import Foundation
import SwiftConvNet
import Synchronization

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    fatalError("checkpoint-probe FOLDER [slow | kill EVENT NUMBER | limit BYTES]")
}
let folder = arguments[1]
let mode = arguments.dropFirst(2).first
let killingEvent = mode == "kill" ? arguments[3] : nil
let number = mode == "slow" ? 0 : Int(arguments.last ?? "") ?? 0
let eventsLeft = Atomic(number)

/// An event has happened.
let isSlow = mode == "slow"
@Sendable func report(_ event: String) {
    if isSlow { usleep(1500) }
    if event == killingEvent, eventsLeft.subtract(1, ordering: .relaxed).newValue == 0 {
        kill(getpid(), SIGKILL)
    }
}

func forbidLargeFiles(_ limit: rlim_t) {
    var limits = rlimit(rlim_cur: limit, rlim_max: limit)
    #if canImport(Darwin)
        setrlimit(RLIMIT_FSIZE, &limits)
    #else
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
    #endif
}

let model = try Sequential(inputShape: [8, 8, 1], seed: 5, options: ComputeOptions(threads: 2)) {
    Conv2D(filters: 8, kernelSize: 3)
    BatchNormalization()
    ReLU()
    Flatten()
    Dropout(rate: 0.3)
    Dense(units: 16, activation: .relu)
    Dense(units: 3, activation: .softmax)
}
try model.compile(optimizer: .adam(), loss: .categoricalCrossentropy(), metrics: [.accuracy])
var random = RandomStream(seed: 1, purpose: .user)
let images = try Tensor(shape: [90, 8, 8, 1]) { values in
    for place in values.indices { values[place] = random.uniform(in: 0..<1) }
}
let pictures = try ArrayDataset(images, Labels((0..<90).map { Int32($0 % 3) }))

/// A dataset that is read ahead.
struct Ahead: Dataset {
    let base: any Dataset
    var count: Int { base.count }
    var fields: [Field] { base.fields }
    var readsAhead: Int { 2 }
    var identity: String? { base.identity }

    func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        try base.read(index, in: reading, into: sample)
    }
}

let changed = try Augmented(Ahead(base: pictures)) {
    RandomFlip(.horizontal)
    RandomTranslation(heightFactor: 0.2, widthFactor: 0.2)
}
let data = try MixUp(changed, alpha: 0.3, classes: 3)

var steps = 0
let watcher = LambdaCallback(onBatchEnd: { _, _ in
    steps += 1
    report("s")
    if steps == 5, mode == "limit" { forbidLargeFiles(rlim_t(number)) }
})
do {
    CheckpointWriting.didWritePiece.withLock { $0 = { report("w") } }
    try model.fit(
        data,
        batchSize: 10,
        epochs: 4,
        verbose: .silent,
        callbacks: [
            ReduceLROnPlateau(patience: 1), EarlyStopping(patience: 3, restoreBestWeights: true),
            CSVLogger(folder + "/log.csv"), watcher,
        ],
        validationSplit: 0.2,
        checkpoint: .every(steps: 2),
        at: folder + "/checkpoints",
        resume: true
    )
    try model.save(to: folder + "/model.safetensors")
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(3)
}
