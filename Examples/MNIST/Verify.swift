import ArgumentParser
import ConvNetDatasets
import SwiftConvNet

/// `mnist verify`: trains again as a manifest says, and compares.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains again as run.json says, and compares figures and weights to the bit.",
        discussion: """
            Exits with 0 if both runs came to the same, with 1 if not; then it says what differs, and what may be the \
            cause. The data, and the number of threads, may come from elsewhere than in the first run.
            """
    )

    @Argument(help: "The record that train has left.", completion: .file(extensions: ["json"]))
    var manifest = "mnist-output/run.json"

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The folder with the dataset, as for train.", valueName: "folder"),
        completion: .directory
    )
    var folder: String?

    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let first = try RunManifest(contentsOf: manifest)
        let options = try trainingOptions(of: first)
        let (name, data) = try dataOptions(of: first)
        let dataset = try data.load(reportingTo: console)
        guard dataset.digest == first.data else {
            return try conclude(
                console,
                causes: ["data: \(first.data), then \(dataset.digest)"],
                results: ["not trained: other data cannot come to the same"]
            )
        }
        var computing = processor.computeOptions
        computing.convolutionPath = first.key.convolutionPath
        let training = try DigitTraining(options, on: dataset, computing: computing)
        let history = try training.fit(verbose: console.verbosity)
        let second = try training.manifest(history, dataset: name)
        let (causes, results) = first.differences(to: second)
        try conclude(console, causes: causes, results: results)
    }

    /// The options of the run.
    private func trainingOptions(of first: RunManifest) throws -> TrainingOptions {
        do {
            return try TrainingOptions.of(first)
        } catch {
            throw ConvNetError(
                .format,
                "The settings are not those of mnist train",
                at: manifest,
                received: TrainingOptions.message(for: error)
            )
        }
    }

    /// The dataset of the run.
    private func dataOptions(of first: RunManifest) throws -> (name: DatasetName, options: DataOptions) {
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
        let place = folder.map { ["--data", $0] } ?? []
        return (name, try DataOptions.parse(["--dataset", name.rawValue] + place))
    }

    private func conclude(_ console: Console, causes: [String], results: [String]) throws {
        console.emit(
            JSONLine(
                event: "verification",
                ["equal": results.isEmpty, "results": results, "causes": causes]
            )
        )
        for line in results { console.conclude("Differs: \(line)") }
        for line in causes { console.conclude("\(results.isEmpty ? "Yet not as before" : "For"): \(line)") }
        console.conclude(
            results.isEmpty
                ? "The same figures and the same weights, to the bit" : "The runs did not come to the same"
        )
        try console.finish()
        if !results.isEmpty { throw ExitCode.failure }
    }
}
