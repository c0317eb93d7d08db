import BenchmarkCore
import Foundation
import SwiftConvNet

extension PeersBenchmark {
    /// The largest difference of outputs that is taken for rounding, as a share of the largest output.
    private static let tolerance = 1e-3

    /// Starts the peers of some work, shows that they compute what we do, and lets `body` run with those that do.
    ///
    /// - Parameters:
    ///   - arguments: those of peer.py, without framework, threads and weights.
    ///   - model: our network with the weights that the peers get.
    ///   - table: where peers that fail are named with the reason, and versions and differences are noted.
    ///   - row: the row of the table.
    ///   - frameworks: those that take part; unless given, all that do such work.
    func withPeers(
        _ work: PeerWork,
        _ arguments: [String],
        model: Model,
        table: inout PeerTable,
        row: String,
        frameworks: [PeerFramework]? = nil,
        _ body: ([(name: String, peer: Peer)], inout PeerTable) throws -> Void
    ) throws {
        try TemporaryFiles.use { folder in
            let weights = folder + "/weights.safetensors"
            try model.saveWeights(to: weights)
            let inputs = try RandomData.tensor(model.inputShape.batched(4), seed: 3)
            try withPeers(
                arguments + ["--weights", weights],
                inputs: inputs,
                outputs: model.predict(inputs, batchSize: 4),
                tolerance: Self.tolerance,
                table: &table,
                row: row,
                frameworks: frameworks ?? self.frameworks(for: work),
                body
            )
        }
    }

    /// Starts peers, shows that they compute what we do, and lets `body` run with those that do.
    ///
    /// - Parameters:
    ///   - arguments: those of peer.py, without framework and threads.
    ///   - inputs: samples to compare with, images `[samples, height, width, channels]`.
    ///   - outputs: what we compute of them.
    ///   - tolerance: the largest difference that is taken for rounding, as a share of the largest output.
    ///   - table: where peers that fail are named with the reason, and versions and differences are noted.
    ///   - row: the row of the table.
    ///   - frameworks: those that take part.
    func withPeers(
        _ arguments: [String],
        inputs: Tensor,
        outputs: Tensor,
        tolerance: Double,
        table: inout PeerTable,
        row: String,
        frameworks: [PeerFramework],
        _ body: ([(name: String, peer: Peer)], inout PeerTable) throws -> Void
    ) throws {
        try TemporaryFiles.use { folder in
            let samples = folder + "/io.safetensors"
            try SafeTensorsFile.write(["inputs": inputs, "outputs": outputs], to: samples)
            var peers: [(name: String, peer: Peer)] = []
            defer { for (_, peer) in peers { peer.quit() } }
            for framework in frameworks {
                let name = framework.rawValue
                do {
                    let peer = try Peer(
                        command,
                        arguments + ["--framework", name, "--threads", "\(effort.threads)"],
                        log: "\(folder)/\(name).log"
                    )
                    let check = try peer.check(samples)
                    table.note(peer.ready, name)
                    let share = check.error / max(check.output, 1e-9)
                    guard share <= tolerance else {
                        peer.quit()
                        throw ConvNetError(
                            .numeric,
                            "outputs differ by \(Quantity.error.text(check.error)) of \(check.output)"
                        )
                    }
                    table.differences.append(share)
                    peers.append((name, peer))
                } catch {
                    table.addFailure(name, error, row: row)
                }
            }
            try body(peers, &table)
        }
    }
}
