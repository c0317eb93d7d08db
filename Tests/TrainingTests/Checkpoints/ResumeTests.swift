import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Checkpoints: a resumed run is the run")
struct ResumeTests {
    private static let uninterrupted = Result { try InterruptedRun(threads: 1).attempt(resume: false) }

    @Test("the run has in it what is to be kept: a stop before its end, a plateau, a log")
    func run() throws {
        let result = try Self.uninterrupted.get()
        #expect(result.stopReason != nil)
        #expect(result.history.count > 2)
        #expect(result.history.count < InterruptedRun.epochs)
        #expect(result.log.split(whereSeparator: \.isNewline).count == result.history.count + 1)
    }

    @Test(
        "after a crash at any step, on any number of workers, the run ends in the bits of the uninterrupted one",
        arguments: [
            [1], [2], [3], [6], [7], [8], [10], [14], [15], [20], [1, 1, 1], [4, 4, 4, 4, 4],
            [9, 2, 7, 5, 3],
        ]
    )
    func crashes(steps: [Int]) throws {
        let expected = try Self.uninterrupted.get()
        let run = try InterruptedRun(threads: steps[0] % 4 + 1)
        let result = try run.attempts(crashAfter: steps)
        #expect(result == expected)
    }

    @Test(
        "the same with checkpoints after every epoch, every step, or by time",
        arguments: [
            CheckpointInterval.everyEpoch, .every(steps: 1), .every(minutes: 1e-6), .every(minutes: 1e6),
        ]
    )
    func intervals(interval: CheckpointInterval) throws {
        let run = try InterruptedRun(interval: interval)
        #expect(try run.attempts(crashAfter: [9, 9]) == Self.uninterrupted.get())
    }

    @Test("a run that has ended is resumed as it ended, whatever has become of its files")
    func ended() throws {
        let run = try InterruptedRun()
        let first = try run.attempt(resume: false)
        try FileManager.default.removeItem(atPath: run.folder.file("log.csv"))
        #expect(try run.attempt(crashAfter: 1) == first)
    }

    @Test("an interruption writes a checkpoint where it is, and is not a stop for the run that goes on")
    func interruption() throws {
        let run = try InterruptedRun(interval: .everyEpoch)
        for place in [(epoch: 1, batch: 4), (epoch: 2, batch: 7)] {
            var resumption: Resumption?
            let watcher = LambdaCallback(
                onTrainBegin: { run, _ in resumption = run.resumption },
                onBatchEnd: { record, session in
                    if record.epoch == place.epoch, record.batch == place.batch {
                        session.interrupt(because: "somebody asked")
                    }
                }
            )
            let result = try run.attempt(extra: [watcher])
            #expect(result.stopReason == "somebody asked")
            #expect(resumption?.epoch == (place.epoch == 1 ? nil : 1))
            #expect(resumption?.batch == (place.epoch == 1 ? nil : 4))
        }
        #expect(try run.attempt() == Self.uninterrupted.get())
    }

    @Test("more epochs may be asked of a run that has done all of its own")
    func moreEpochs() throws {
        var run = try InterruptedRun()
        run.epochs = 1
        _ = try run.attempt(resume: false)
        run.epochs = InterruptedRun.epochs
        #expect(try run.attempt() == Self.uninterrupted.get())
    }

    @Test("seconds of an epoch are counted on")
    func seconds() throws {
        let folder = try TemporaryFolder()
        func train(pause: Int) throws -> History {
            try InterruptedRun.model(threads: 1).fit(
                SmallNetwork.images(),
                SmallNetwork.labels(),
                batchSize: 25,
                verbose: .silent,
                callbacks: [
                    LambdaCallback(onBatchEnd: { record, session in
                        if record.batch == pause {
                            usleep(100_000)
                            session.interrupt(because: "")
                        }
                    })
                ],
                checkpoint: .everyEpoch,
                at: folder.path,
                resume: true
            )
        }
        let start = ContinuousClock.now
        #expect(try train(pause: 1).isInterrupted)
        let history = try train(pause: 0)
        #expect(!history.isInterrupted)
        #expect(history.epochs[0].seconds > 0.1)
        #expect(.seconds(history.epochs[0].seconds) < ContinuousClock.now - start)
    }

    @Test("callbacks of one's own are resumed, others begin anew and are told where")
    func ownCallbacks() throws {
        final class Counter: ResumableCallback {
            var count = 0
            var events: [String] = []
            func receive(_ event: TrainingEvent, in session: TrainingSession) {
                switch event {
                case .trainingBegan: events.append("training")
                case .epochBegan(let epoch): events.append("epoch \(epoch)")
                case .batchEnded: count += 1
                case .epochEnded, .trainingEnded: break
                }
            }
            func saveState() throws -> Data { Data([UInt8(count)]) }
            func restoreState(_ state: Data) throws {
                count = Int(state[state.startIndex])
                events.append("restored")
            }
        }
        let run = try InterruptedRun(interval: .every(steps: 1))
        #expect(throws: InterruptedRun.Crash.self) { try run.attempt(crashAfter: 9, extra: [Counter()]) }
        let counter = Counter()
        _ = try run.attempt(extra: [counter])
        #expect(counter.events.prefix(3) == ["training", "restored", "epoch 3"])
        let steps = try Self.uninterrupted.get().history.count * InterruptedRun.stepsPerEpoch
        // The ninth step had been done when the crash came, and was not in a checkpoint: it is done again.
        #expect(counter.count == steps)
    }

    @Test("a model that was trained before, and goes on being trained after, keeps its optimizer's steps")
    func trainedBefore() throws {
        func model(crash: Bool) throws -> Model {
            let folder = try TemporaryFolder()
            for attempt in [crash, false] where crash || !attempt {
                let model = try SmallNetwork.trained()
                do {
                    try model.fit(
                        SmallNetwork.images(),
                        SmallNetwork.labels(),
                        batchSize: 16,
                        epochs: 4,
                        verbose: .silent,
                        callbacks: [
                            LambdaCallback(onBatchEnd: { record, _ in
                                if attempt, record.epoch == 4 { throw InterruptedRun.Crash() }
                            })
                        ],
                        initialEpoch: 2,
                        checkpoint: .every(steps: 1),
                        at: folder.path,
                        resume: true
                    )
                } catch is InterruptedRun.Crash { continue }
                return model
            }
            return try SmallNetwork.make()
        }
        let one = try model(crash: false), other = try model(crash: true)
        #expect(one.stepCount == 16)
        #expect(other.stepCount == 16)
        #expect(one.parameters.map(\.values.bits) == other.parameters.map(\.values.bits))
    }

    @Test("progress says where the run goes on")
    func progress() throws {
        var text = ""
        let run = try InterruptedRun(interval: .every(steps: 1))
        #expect(throws: InterruptedRun.Crash.self) { try run.attempt(crashAfter: 10) }
        _ = try run.attempt(extra: [ProgressLogger(.lines, sink: { text += $0 })])
        #expect(text.hasPrefix("Going on in epoch 2/6 after batch 2/7\nEpoch 2/6 - "))
    }
}
