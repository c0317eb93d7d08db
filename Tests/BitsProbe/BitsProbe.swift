import ArgumentParser
import Experiments
import Foundation
import SwiftConvNet

/// Prints digests of everything that experiments leave, a line for each, so that two builds of the library can be compared
/// by `diff`: on one machine, for OpenBLAS and vector instructions differ between machines.
@main
struct BitsProbe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bits-probe",
        abstract: "Prints digests of weights, history, predictions and gradients of many networks."
    )

    @Option(help: "How many random architectures.")
    var count = 200

    @Option(help: "How many random networks of windows over sequences, images and volumes.")
    var windows = 60

    @Option(help: "How many random networks of layers that combine, look up and attend.")
    var operators = 60

    @Option(help: "The seed of the first; each seed makes one architecture, always the same.")
    var seed: UInt64 = 1

    @Option(
        help: """
            Run one experiment: the seed of a random architecture, the seed of a network of windows after \
            "windows-", of one of operators after "operators-", or \
            \(NamedExperiment.allCases.map(\.rawValue).joined(separator: ", ")).
            """
    )
    var only: String?

    @Option(help: "The number of workers; no bit depends on it.")
    var threads: Int?

    @Flag(help: "Print settings, the model's summary, and a digest of every array, too.")
    var verbose = false

    func run() throws {
        var failures = 0
        for item in try chosen() {
            do {
                let experiment = try item.make()
                let bits = try experiment.run(threads: threads)
                report(line(item.name, experiment, bits))
                if verbose { try reportDetails(experiment, bits) }
            } catch {
                failures += 1
                report("\(item.name) failed: \("\(error)".replacing("\n", with: " "))")
            }
        }
        if failures > 0 { throw ExitCode.failure }
    }

    private typealias Item = (name: String, make: () throws -> Experiment)

    private func chosen() throws -> [Item] {
        let named = NamedExperiment.allCases.map { item in (item.rawValue, { try item.experiment() }) as Item
        }
        func random(_ seed: UInt64) -> Item { ("random", { try Experiment(randomSeed: seed) }) }
        func overWindows(_ seed: UInt64) -> Item { ("windows", { try Experiment(windowsSeed: seed) }) }
        func ofOperators(_ seed: UInt64) -> Item { ("operators", { try Experiment(operatorsSeed: seed) }) }
        guard let only else {
            guard count >= 0, windows >= 0, operators >= 0 else {
                throw ValidationError("There cannot be \(min(count, windows, operators)) architectures")
            }
            return named + (0..<UInt64(count)).map { random(seed + $0) }
                + (0..<UInt64(windows)).map { overWindows(seed + $0) }
                + (0..<UInt64(operators)).map { ofOperators(seed + $0) }
        }
        if let seed = UInt64(only) { return [random(seed)] }
        if only.hasPrefix("windows-"), let seed = UInt64(only.dropFirst(8)) { return [overWindows(seed)] }
        if only.hasPrefix("operators-"), let seed = UInt64(only.dropFirst(10)) { return [ofOperators(seed)] }
        guard let item = named.first(where: { $0.name == only }) else {
            throw ValidationError("There is no experiment \"\(only)\"")
        }
        return [item]
    }

    /// What the experiment is comes last, for it is long.
    private func line(_ name: String, _ experiment: Experiment, _ bits: Bits) -> String {
        let digests = bits.parts.map { "\($0.name)=\(digest($0.items))" }
        let loss = type(of: experiment.loss).kind, optimizer = type(of: experiment.optimizer).kind
        let metrics = experiment.metrics.map { type(of: $0).kind }
        let options = experiment.options
        let fields =
            ["\(name) seed=\(experiment.seed) dropout=\(experiment.network.hasNoise ? "yes" : "no")"]
            + digests
            + [
                "batch=\(experiment.batchSize)",
                "paths=\(options.gemmPath.rawValue)/\(options.convolutionPath.rawValue)",
                "loss=\(loss)", "metrics=\(metrics.joined(separator: ","))", "optimizer=\(optimizer)",
                "layers=\(experiment.network.kinds.joined(separator: ","))",
            ]
        return fields.joined(separator: " ")
    }

    private func reportDetails(_ experiment: Experiment, _ bits: Bits) throws {
        report("\(experiment)")
        report(try experiment.model(threads: threads).summary(batchSize: experiment.batchSize))
        for part in bits.parts {
            for item in part.items { report("\(part.name): \(digest([item])) \(item.name)") }
        }
    }
}

/// Prints a line at once, also into a file, so that a long run can be watched.
private func report(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// The first 16 digits of a SHA-256 over names and bytes. `SHA256` is all that the probe takes from inside the library.
private func digest(_ items: [Bits.Item]) -> String {
    var hash = SHA256()
    for item in items {
        // Neither ends where the other begins by chance.
        hash.update(Array("\(item.name)\n\(item.bytes.count)\n".utf8))
        hash.update(item.bytes)
    }
    return String(hash.digest.description.prefix(16))
}
