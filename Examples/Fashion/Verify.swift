import ArgumentParser
import SwiftConvNet

/// `fashion verify`: trains again as a manifest says, and compares.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains again as run.json says, and compares measurements and weights to the bit.",
        discussion: """
            Exits with 0 if both runs came to the same, with 1 if not; then it says what differs, and what may be the \
            cause. The data, and the number of threads, may come from elsewhere than in the first run.
            """
    )

    @Argument(help: "The record that train has left.", completion: .file(extensions: ["json"]))
    var manifest = "fashion-output/run.json"

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The folder with the dataset, as for train.", valueName: "folder"),
        completion: .directory
    )
    var folder: String?

    @OptionGroup(title: "Processor") var processor: ProcessorOptions

    func run() throws {
        noteDebugBuild()
        let first = try RunManifest(contentsOf: manifest)
        let (options, name) = try recipe(of: first)
        var data = DataOptions()
        data.dataset = name
        data.folder = folder
        let dataset = try data.load()
        guard dataset.digest == first.data else {
            return try conclude(
                causes: ["data: \(first.data), then \(dataset.digest)"],
                results: ["not trained: other data cannot come to the same"]
            )
        }
        let training = try FashionTraining(
            options,
            on: dataset,
            named: name,
            computing: processor.computeOptions
        )
        let second = try training.manifest(training.fit())
        let (causes, results) = first.differences(to: second)
        try conclude(causes: causes, results: results)
    }

    /// The options of the run, and the name of its dataset.
    private func recipe(of first: RunManifest) throws -> (TrainingOptions, DatasetName) {
        let text = first.settings[DatasetName.setting] ?? ""
        guard let name = DatasetName(rawValue: text) else {
            throw ConvNetError(
                .format,
                "The settings name no dataset",
                at: manifest,
                expected: DatasetName.allCases.map(\.rawValue).joined(separator: " or "),
                received: "\"\(text)\""
            )
        }
        do {
            return (try TrainingOptions.of(first), name)
        } catch {
            throw ConvNetError(
                .format,
                "The settings are not those of fashion train",
                at: manifest,
                received: TrainingOptions.message(for: error)
            )
        }
    }

    private func conclude(causes: [String], results: [String]) throws {
        for line in results { say("Differs: \(line)") }
        for line in causes { say("\(results.isEmpty ? "Yet not as before" : "For"): \(line)") }
        say(
            results.isEmpty
                ? "The same measurements and the same weights, to the bit"
                : "The runs did not come to the same"
        )
        if !results.isEmpty { throw ExitCode.failure }
    }
}
