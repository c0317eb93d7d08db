import BenchmarkCore
import SwiftConvNet

extension PeersBenchmark {
    /// Training, in images per second.
    func training(_ work: PeerWork, _ network: BenchmarkNetwork, batches: [Int]) throws -> ReportSection {
        var table = PeerTable(
            name: "peers \(work.rawValue)",
            title: "Training beside others: \(network.rawValue)",
            rowTitle: "batch",
            quantity: .imagesPerSecond,
            notes: [note]
        )
        for batch in batches {
            let ours = try TrainingRun(network, batch: batch, options: effort.options)
            // Before the first step, with which the weights part.
            let model = try network.make(effort.options)
            try model.randomizeParameters()
            try withPeers(
                work,
                ["--work", "train", "--model", network.rawValue, "--batch", "\(batch)"],
                model: model,
                table: &table,
                row: "\(batch)"
            ) { peers, table in
                let sides =
                    [Contest.Side(name: "ours") { (try ours.run(steps: $0), $0 * batch) }]
                    + peers.map { name, peer in Contest.Side(name: name) { try peer.run(steps: $0) } }
                table.add("\(batch)", sides, contest(seconds: 5).rates(sides))
            }
        }
        return table.section
    }

    /// Inference, in images per second, and where a batch is one picture the latency.
    func inference(_ work: PeerWork, _ network: BenchmarkNetwork, batches: [Int]) throws -> [ReportSection] {
        var speed = PeerTable(
            name: "peers \(work.rawValue)",
            title: "Predictions beside others: \(network.rawValue)",
            rowTitle: "batch",
            quantity: .imagesPerSecond,
            notes: [note]
        )
        var latency = PeerTable(
            name: "peers \(work.rawValue) latency",
            title: "Latency beside others: \(network.rawValue), one picture a request",
            rowTitle: "request",
            quantity: .microseconds,
            notes: [note]
        )
        for batch in batches {
            let ours = try InferenceRun(network, batch: batch, options: effort.options)
            try withPeers(
                work,
                ["--work", "infer", "--model", network.rawValue, "--batch", "\(batch)"],
                model: ours.model,
                table: &speed,
                row: "\(batch)"
            ) { peers, table in
                let sides =
                    [Contest.Side(name: "ours") { (try ours.run(steps: $0), $0 * batch) }]
                    + peers.map { name, peer in Contest.Side(name: name) { try peer.run(steps: $0) } }
                table.add("\(batch)", sides, contest().rates(sides))
                if batch == 1 { addLatencies(to: &latency, ours, peers, isLarge: network.isLarge) }
            }
        }
        return batches.contains(1) ? [speed.section, latency.section] : [speed.section]
    }

    private func addLatencies(
        to table: inout PeerTable,
        _ ours: InferenceRun,
        _ peers: [(name: String, peer: Peer)],
        isLarge: Bool
    ) {
        let requests = effort.isQuick ? 20 : isLarge ? 100 : 2_000
        for pause in [0, 1.0] {
            typealias Latency = (p50: Double, p99: Double)
            let measures: [(String, () throws -> Latency)] =
                [
                    (
                        "ours",
                        {
                            let sorted = try ours.latencies(requests: requests, pauseMilliseconds: pause)
                                .sorted()
                            return (
                                Statistics.quantile(0.5, of: sorted), Statistics.quantile(0.99, of: sorted)
                            )
                        }
                    )
                ]
                + peers.map { name, peer in
                    (name, { try peer.latency(requests: requests, pauseMilliseconds: pause) })
                }
            var found = measures.map { _ in Result<[Latency], any Error>.success([]) }
            for _ in 0..<rounds {
                for (place, measure) in measures.enumerated() {
                    Pause.wait(seconds: 0.3)
                    found[place] = found[place].flatMap { before in Result { before + [try measure.1()] } }
                }
            }
            let row = pause == 0 ? "one after another" : "1 ms apart"
            let names = measures.map(\.0)
            table.add("\(row), p50", names, found.map { $0.map { $0.map(\.p50) } })
            table.add("\(row), p99", names, found.map { $0.map { $0.map(\.p99) } })
        }
    }
}
