import BenchmarkCore
import SwiftConvNet

extension PeersBenchmark {
    /// Whole processes that load a model and predict one picture.
    func startup(_ work: PeerWork) throws -> ReportSection {
        let rounds = effort.isQuick ? 2 : max(rounds, 10)
        var time = PeerTable(
            name: "peers startup",
            title: "From process start to one prediction, beside others (mnist)",
            rowTitle: "figure",
            quantity: .milliseconds,
            notes: ["median of \(rounds) processes in turn; " + note]
        )
        try TemporaryFiles.use { folder in
            let model = try BenchmarkNetwork.mnist.make(effort.options)
            try model.randomizeParameters()
            try model.save(to: folder + "/model.safetensors", includeOptimizer: false)
            try model.saveWeights(to: folder + "/weights.safetensors")
            try SafeTensorsFile.write(
                ["inputs": RandomData.tensor(model.inputShape.batched(1))],
                to: folder + "/input.safetensors"
            )
            var starts: [(name: String, run: () throws -> MeasuredProgram)] = [
                (
                    "ours",
                    {
                        try OurProcess.child([
                            "predict", "--model-file", folder + "/model.safetensors", "--threads",
                            "\(effort.threads)",
                        ])
                    }
                )
            ]
            for framework in frameworks(for: work) {
                let name = framework.rawValue
                let file = "\(folder)/model.\(framework.fileExtension)"
                do {
                    try export(framework, folder: folder, to: file)
                    let words = command.words(
                        "startup.py",
                        [
                            "--framework", name, "--model-file", file, "--input",
                            folder + "/input.safetensors", "--threads", "\(effort.threads)",
                        ]
                    )
                    starts.append((name, { try MeasuredProgram.run(words, by: OurProcess.launcher) }))
                } catch {
                    time.addFailure(name, error, row: "wall time")
                }
            }
            var found = starts.map { _ in Result<[MeasuredProgram], any Error>.success([]) }
            for _ in 0..<rounds {
                for (place, start) in starts.enumerated() {
                    found[place] = found[place].flatMap { before in Result { before + [try start.run()] } }
                }
            }
            let names = starts.map(\.name)
            time.add("wall time", names, found.map { $0.map { $0.map { $0.seconds * 1e3 } } })
            time.add(
                "peak memory, MB",
                names,
                found.map { $0.map { $0.map { Double($0.peakBytes) / 1e6 } } },
                quantity: .megabytes
            )
        }
        return time.section
    }

    private func export(_ framework: PeerFramework, folder: String, to file: String) throws {
        let words = command.words(
            "export.py",
            [
                "--framework", framework.rawValue, "--model", "mnist", "--weights",
                folder + "/weights.safetensors", "--output", file,
            ]
        )
        _ = try MeasuredProgram.run(words, by: OurProcess.launcher)
    }

    /// The peak memory of processes that train the MNIST network.
    func memory(_ work: PeerWork) throws -> ReportSection {
        let batch = 128, samples = MemoryBenchmark.sampleCount
        var table = PeerTable(
            name: "peers memory",
            title: "Peak memory of training beside others (mnist)",
            rowTitle: "batch",
            quantity: .megabytes,
            notes: [
                note, "each holds \(samples) pictures: ours as bytes (47 MB), theirs as numbers (188 MB)",
            ]
        )
        var names = ["ours"]
        var found = [Result { [try MemoryBenchmark.train(batch: batch, effort)] }]
        for framework in frameworks(for: work) {
            // One at a time: an idle peer takes memory, too.
            names.append(framework.rawValue)
            found.append(
                Result {
                    try TemporaryFiles.use { folder in
                        let peer = try Peer(
                            command,
                            [
                                "--framework", framework.rawValue, "--work", "train", "--model", "mnist",
                                "--batch", "\(batch)", "--threads", "\(effort.threads)",
                                "--samples", "\(samples)",
                            ],
                            log: folder + "/log"
                        )
                        _ = try peer.run(steps: effort.isQuick ? 5 : 100)
                        let bytes = peer.peakBytes ?? 0
                        peer.quit()
                        return [Double(bytes) / 1e6]
                    }
                }
            )
        }
        table.add("\(batch)", names, found)
        return table.section
    }
}
