import BenchmarkCore
import SwiftConvNet

extension PeersBenchmark {
    /// Single layers of all kinds, in milliseconds.
    func layers(_ work: PeerWork) throws -> ReportSection {
        var table = PeerTable(
            name: "peers layers",
            title: "Layers beside others",
            rowTitle: "layer",
            quantity: .milliseconds,
            notes: [
                note,
                "shapes have the batch first; fwd: a pass of inference; fwd+bwd: of a step of training, with the gradients "
                    + "of inputs and parameters",
                "where layouts differ, PyTorch has both, and the ratio is that to the faster one",
            ]
        )
        for single in try chosenLayers() { try add(single, to: &table, work) }
        return table.section
    }

    /// The layers whose titles contain one of the words that were given.
    private func chosenLayers() throws -> [LayerCase] {
        let all = LayerCase.all
        guard let words = options.layers?.split(separator: ",") else {
            return effort.isQuick ? [all[2]] : all
        }
        let chosen = all.filter { single in words.contains { single.title.contains($0) } }
        guard !chosen.isEmpty else {
            throw ConvNetError(
                .argument,
                "No layer has such a title",
                at: "--layers",
                expected: "parts of titles such as \(all[0].title)",
                received: words.joined(separator: ",")
            )
        }
        return chosen
    }

    private func add(_ single: LayerCase, to table: inout PeerTable, _ work: PeerWork) throws {
        let ours = try SingleLayer(single, options: effort.options)
        try withPeers(
            work,
            ["--work", "layer", "--layer", single.argument, "--batch", "\(single.batch)"],
            model: SingleLayer.plain(single, options: effort.options),
            table: &table,
            row: single.title,
            frameworks: frameworks(for: work).filter { $0 == .torch || single.hasLayouts }
        ) { peers, table in
            for backward in [false, true] {
                let sides =
                    [
                        Contest.Side(name: "ours") { steps in
                            let time = try ours.time(mode: backward ? .training : .inference, repeats: steps)
                            return (time * Double(steps), steps)
                        }
                    ]
                    + peers.map { name, peer in
                        Contest.Side(name: name) { (try peer.run(steps: $0, backward: backward).seconds, $0) }
                    }
                let times = contest(seconds: 0.3).rates(sides).map { $0.map { $0.map { 1e3 / $0 } } }
                table.add(single.title + (backward ? " | fwd+bwd" : " | fwd"), sides.map(\.name), times)
            }
        }
    }
}
