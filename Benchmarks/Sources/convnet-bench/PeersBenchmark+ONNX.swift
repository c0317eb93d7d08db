import BenchmarkCore
import SwiftConvNet

extension PeersBenchmark {
    /// ONNX files in inference, and from opening them to the first prediction.
    func onnx(_ work: PeerWork) throws -> [ReportSection] {
        let networks: [ONNXModel] = effort.isQuick ? [.squeezeNet] : ONNXModel.allCases
        return try withONNXModels(networks) { folder in
            // In this order: after the first table the files are in the page cache.
            [try predictions(work, networks, folder), try openings(work, networks, folder)]
        }
    }

    /// Predictions of batches, in milliseconds a batch.
    private func predictions(
        _ work: PeerWork,
        _ networks: [ONNXModel],
        _ folder: String
    ) throws -> ReportSection {
        var table = PeerTable(
            name: "peers onnx",
            title: "ONNX files beside others, a batch",
            rowTitle: "network, batch",
            quantity: .milliseconds,
            notes: [
                note,
                "all compute in float32; OpenVINO with the hints f32 and latency, planned for the batch size",
            ]
        )
        for network in networks {
            for batch in [1, 8] {
                let row = "\(network.rawValue), \(batch)"
                let ours = try InferenceRun(
                    network.model(in: folder, effort.options),
                    batch: batch,
                    sampleCount: ONNXModel.sampleCount
                )
                let images = try RandomData.tensor(
                    [batch, ONNXModel.image[1], ONNXModel.image[2], 3],
                    seed: 3
                )
                try withPeers(
                    [
                        "--work", "infer", "--model-file", network.file(in: folder), "--batch", "\(batch)",
                    ],
                    inputs: images,
                    outputs: ours.model.predict(ONNXModel.channelsFirst(images), batchSize: batch),
                    tolerance: 1e-4,
                    table: &table,
                    row: row,
                    frameworks: frameworks(for: work)
                ) { peers, table in
                    let sides =
                        [Contest.Side(name: "ours") { (try ours.run(steps: $0), $0) }]
                        + peers.map { name, peer in
                            Contest.Side(name: name) { (try peer.run(steps: $0).seconds, $0) }
                        }
                    table.add(row, sides, contest().rates(sides).map { $0.map { $0.map { 1e3 / $0 } } })
                }
            }
        }
        return table.section
    }

    /// From before a file is opened to the result of the first prediction, in new processes.
    private func openings(
        _ work: PeerWork,
        _ networks: [ONNXModel],
        _ folder: String
    ) throws -> ReportSection {
        let rounds = effort.isQuick ? 2 : max(rounds, 10)
        var table = PeerTable(
            name: "peers onnx opening",
            title: "From opening an ONNX file to the first prediction, beside others",
            rowTitle: "file",
            quantity: .milliseconds,
            notes: [
                "median of \(rounds) processes in turn; " + note,
                "the file is in the page cache; the start of the process and Python's imports do not count",
            ]
        )
        for network in networks {
            let words = ["--model-file", network.file(in: folder), "--threads", "\(effort.threads)"]
            var starts: [(name: String, run: () throws -> MeasuredProgram)] = [
                ("ours", { try OurProcess.child(["open"] + words) })
            ]
            for framework in frameworks(for: work) {
                let script = command.words("onnx_open.py", ["--framework", framework.rawValue] + words)
                starts.append(
                    (framework.rawValue, { try MeasuredProgram.run(script, by: OurProcess.launcher) })
                )
            }
            var found = starts.map { _ in Result<[Double], any Error>.success([]) }
            for _ in 0..<rounds {
                for (place, start) in starts.enumerated() {
                    found[place] = found[place].flatMap { before in
                        Result { before + [try milliseconds(start.run())] }
                    }
                }
            }
            try table.add(network.title(in: folder), starts.map(\.name), found)
        }
        return table.section
    }

    /// The number that a program has printed last.
    private func milliseconds(_ program: MeasuredProgram) throws -> Double {
        guard let line = program.output.split(separator: "\n").last, let value = Double(line) else {
            throw ConvNetError(
                .environment,
                "A program has not printed its time",
                at: "onnx",
                received: program.output
            )
        }
        return value
    }

    /// Lets `body` run with the folder that the options name, or with one that is made for it.
    private func withONNXModels<Result>(
        _ networks: [ONNXModel],
        _ body: (_ folder: String) throws -> Result
    ) throws -> Result {
        if let folder = options.models { return try body(folder) }
        return try TemporaryFiles.use { folder in
            let words = command.words("onnx_models.py", [folder, "--only"] + networks.map(\.rawValue))
            _ = try MeasuredProgram.run(words, by: OurProcess.launcher)
            return try body(folder)
        }
    }
}
