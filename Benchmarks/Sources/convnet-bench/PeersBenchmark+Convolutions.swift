import BenchmarkCore
import SwiftConvNet

extension PeersBenchmark {
    /// Single convolutions, in effective GFLOP/s.
    func convolutions(_ work: PeerWork) throws -> ReportSection {
        let batch = 32
        var table = PeerTable(
            name: "peers conv",
            title: "Convolutions beside others",
            rowTitle: "shape",
            quantity: .gigaflops,
            notes: [
                note + ", batch \(batch)",
                "2 · outputs · window · channels operations, whatever is really computed; twice or three times for "
                    + "both passes",
            ]
        )
        for shape in effort.isQuick ? [ConvolutionShape.common[1]] : ConvolutionShape.common {
            let ours = try SingleConvolution(shape, path: .automatic, options: effort.options)
            let checked = try SingleConvolution.plain(shape, options: effort.options)
            try withPeers(
                work,
                ["--work", "conv", "--conv", shape.argument, "--batch", "\(batch)"],
                model: checked,
                table: &table,
                row: shape.description
            ) { peers, table in
                for backward in [false, true] {
                    let operations =
                        backward ? shape.trainingOperations(batch: 1) : shape.forwardOperations(batch: 1)
                    let sides =
                        [
                            Contest.Side(name: "ours") { steps in
                                let timing = try ours.time(
                                    batch: batch,
                                    mode: backward ? .training : .inference,
                                    repeats: steps
                                )
                                return (timing.both * Double(steps), steps * batch)
                            }
                        ]
                        + peers.map { name, peer in
                            Contest.Side(name: name) { try peer.run(steps: $0, backward: backward) }
                        }
                    let rates = contest(seconds: 1).rates(sides).map {
                        $0.map { $0.map { $0 * operations / 1e9 } }
                    }
                    let row = shape.description + (backward ? " | fwd+bwd" : " | fwd")
                    table.add(row, sides.map(\.name), rates)
                }
            }
        }
        return table.section
    }
}
