import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Checkpoints: what happens to files and folders")
struct FailureTests {
    /// A small run with two generations in a folder.
    private struct Run {
        let folder: TemporaryFolder
        var checkpoints: String { folder.file("checkpoints") }

        init(steps: Int = 5) throws {
            folder = try TemporaryFolder()
            _ = try? train(crashAfter: steps)
        }

        /// Trains on; the model's values, and what was said.
        @discardableResult
        func train(crashAfter crash: Int? = nil, _ extra: (any Callback)? = nil) throws
            -> (bits: [[UInt32]], resumption: Resumption?)
        {
            let model = try Sequential(
                inputShape: [2],
                layers: [Dense(units: 3, activation: .softmax)],
                seed: 1,
                options: ComputeOptions(threads: 1)
            )
            try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
            var resumption: Resumption?
            var steps = 0
            let watcher = LambdaCallback(
                onTrainBegin: { run, _ in resumption = run.resumption },
                onBatchEnd: { _, _ in
                    steps += 1
                    if steps == crash { throw CancellationError() }
                }
            )
            try model.fit(
                TestValues.uniform([8, 2], seed: 2),
                Labels([0, 1, 2, 0, 1, 2, 0, 1]),
                batchSize: 2,
                epochs: 3,
                verbose: .silent,
                callbacks: [watcher] + (extra.map { [$0] } ?? []),
                checkpoint: .every(steps: 1),
                at: checkpoints,
                resume: true
            )
            return (model.parameters.map { $0.values.elements.map(\.bitPattern) }, resumption)
        }

        func path(_ name: String) -> String { "\(checkpoints)/\(name)" }
        func bytes(_ name: String) throws -> [UInt8] { try FileContents.read(path(name), limit: 1 << 24) }

        /// The newer and the older generation: the table begins with their number.
        func generations() throws -> (newer: String, older: String) {
            try bytes("a.checkpoint")[48] > bytes("b.checkpoint")[48]
                ? ("a.checkpoint", "b.checkpoint") : ("b.checkpoint", "a.checkpoint")
        }
    }

    private static let whole = Result { try Run(steps: 1).train().bits }

    @Test("every damage of the newest generation is seen, and the older one used")
    func damage() throws {
        let run = try Run()
        let newer = try run.generations().newer
        let good = try run.bytes(newer)
        var damaged: [[UInt8]] = []
        // A bit of every byte: of the header, the table, and every section.
        for place in good.indices {
            var bytes = good
            bytes[place] ^= 1 << UInt8(place % 8)
            damaged.append(bytes)
        }
        for length in stride(from: 0, to: good.count, by: 13) { damaged.append(Array(good[..<length])) }
        damaged.append(good + [0])
        damaged.append([])
        for bytes in damaged {
            try Data(bytes).write(to: URL(fileURLWithPath: run.path(newer)))
            // Where it would go on is enough to see; to train on each time would take long.
            var resumption: Resumption?
            let first = LambdaCallback(onTrainBegin: { run, _ in
                resumption = run.resumption
                throw CancellationError()
            })
            #expect(throws: CancellationError.self) { try run.train(first) }
            #expect(resumption?.batch == 3)
            #expect(resumption?.notices.count == 1)
            #expect(resumption?.notices.first?.hasPrefix("The checkpoint \(newer) cannot be used") == true)
        }
        let (bits, resumption) = try run.train()
        #expect(resumption?.notices.count == 1)
        #expect(try bits == Self.whole.get())
    }

    @Test("a run that has ended holds no lock, whoever has copies of its descriptors")
    func copiesOfDescriptors() throws {
        let run = try Run()
        let path = try #require(realpath(run.checkpoints, nil))
        defer { free(path) }
        // As a program has them that another thread is starting: between fork and exec.
        var copies: [Int32] = []
        try run.train(
            LambdaCallback(onTrainBegin: { _, _ in
                var name = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
                for descriptor in Int32(0)..<1024 {
                    let length = readlink("/proc/self/fd/\(descriptor)", &name, Int(PATH_MAX))
                    guard length >= 0 else { continue }
                    name[length] = 0
                    if strcmp(name, path) == 0 { copies.append(dup(descriptor)) }
                }
            })
        )
        defer { for copy in copies { close(copy) } }
        #expect(!copies.isEmpty)
        #expect(throws: Never.self) { try run.train() }
    }

    @Test("with both generations damaged nothing is trained")
    func bothDamaged() throws {
        let run = try Run()
        try AtomicFile.write([], to: run.path("a.checkpoint"))
        try AtomicFile.write(
            Array("no checkpoint, but long enough to hold the header of one".utf8),
            to: run.path("b.checkpoint")
        )
        let error = #expect(throws: ConvNetError.self) { try run.train() }
        #expect(error?.kind == .format)
        #expect(
            error?.description.contains("a.checkpoint: The file is not a checkpoint of this library") == true
        )
        #expect(
            error?.description.contains("b.checkpoint: The file is not a checkpoint of this library") == true
        )
        #expect(try run.bytes("a.checkpoint").isEmpty)
    }

    @Test("one generation alone is enough, and an unreadable one beside it is named")
    func oneGeneration() throws {
        let run = try Run()
        let (newer, older) = try run.generations()
        try FileManager.default.removeItem(atPath: run.path(older))
        try FileManager.default.createDirectory(atPath: run.path(older), withIntermediateDirectories: false)
        var notices: [String]?
        let first = LambdaCallback(onTrainBegin: { run, _ in
            notices = run.resumption?.notices
            throw CancellationError()
        })
        #expect(throws: CancellationError.self) { try run.train(first) }
        #expect(notices?.count == 1)
        #expect(notices?.first?.contains("a folder") == true)
        try FileManager.default.removeItem(atPath: run.path(older))
        #expect(try run.train().bits == Self.whole.get())
        #expect(try run.bytes(newer).count > 100)
    }

    @Test("a full disk ends training with an error, and the checkpoint before it goes on to the same end")
    func fullDisk() throws {
        let folder = try TemporaryFolder()
        let end = try Probe.run(in: folder.path, limit: 2000)
        #expect(end.code == 3)
        #expect(end.errors.contains("Training has stopped at epoch 1, batch 6"))
        #expect(end.errors.contains("File too large"))
        #expect(end.errors.contains("resume the run"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("checkpoints")).sorted()
                == ["a.checkpoint", "b.checkpoint"]
        )
        #expect(try Probe.run(in: folder.path).isDone)
        #expect(try Probe.result(in: folder.path) == Probe.uninterrupted.get())
    }

    @Test("a folder that vanishes ends training with an error")
    func vanishedFolder() throws {
        let run = try Run()
        let remover = LambdaCallback(onBatchEnd: { record, _ in
            if record.epoch == 2 { try FileManager.default.removeItem(atPath: run.checkpoints) }
        })
        let error = #expect(throws: ConvNetError.self) { try run.train(remover) }
        #expect(error?.kind == .file)
        #expect(error?.summary.contains("No such file or directory") == true)
    }

    @Test("a folder that cannot be made or written into is an error before anything is trained")
    func badFolder() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("a file", to: folder.file("file"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"),
            withDestinationPath: folder.file("nowhere")
        )
        var paths = [folder.file("file"), folder.file("file/inside"), folder.file("link"), "/proc/none"]
        // The superuser may write anywhere else.
        if getuid() != 0 {
            let path = try folder.makeFolder("closed")
            chmod(path, 0o500)
            paths.append(path)
        }
        for path in paths {
            var steps = 0
            let error = #expect(throws: ConvNetError.self, "\(path)") {
                let model = try Sequential(inputShape: [2], layers: [Dense(units: 1)], seed: 1)
                try model.compile(optimizer: .sgd(), loss: .mse())
                let x = try Tensor([1, 2], shape: [1, 2]), y = try Tensor([1], shape: [1, 1])
                try model.fit(
                    x,
                    y,
                    verbose: .silent,
                    callbacks: [LambdaCallback(onBatchEnd: { _, _ in steps += 1 })],
                    checkpoint: .everyEpoch,
                    at: path
                )
            }
            #expect(error?.kind == .file)
            #expect(steps == 0)
        }
    }

    @Test("a folder that is read-only is an error that names it, for the superuser too")
    func readOnly() throws {
        // /proc/self is a folder that nobody can make files in.
        let model = try Sequential(inputShape: [2], layers: [Dense(units: 1)], seed: 1)
        try model.compile(optimizer: .sgd(), loss: .mse())
        let x = try Tensor([1, 2], shape: [1, 2]), y = try Tensor([1], shape: [1, 1])
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(x, y, verbose: .silent, checkpoint: .everyEpoch, at: "/proc/self")
        }
        #expect(error?.location == "/proc/self")
    }

    @Test(
        "the folder may be reached through a link; a link in place of a generation is replaced, never followed"
    )
    func links() throws {
        let run = try Run()
        let (newer, older) = try run.generations()
        let real = run.folder.file("elsewhere")
        try AtomicFile.write("not ours", to: real)
        try FileManager.default.removeItem(atPath: run.path(older))
        try FileManager.default.createSymbolicLink(atPath: run.path(older), withDestinationPath: real)
        #expect(try run.train().bits == Self.whole.get())
        #expect(try FileContents.read(real, limit: 100) == Array("not ours".utf8))
        #expect(try run.bytes(newer).count > 100)
    }
}
