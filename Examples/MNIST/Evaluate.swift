import ArgumentParser
import SwiftConvNet

/// `mnist evaluate`: how good a saved network is.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tests a saved network on the test images.")

    @OptionGroup var saved: SavedModelOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let model = try saved.load(options: processor.computeOptions)
        let dataset = try data.load(reportingTo: console)
        let test = try TestResult(of: model, on: dataset)
        console.say(test.table(for: console) + "\n")
        console.conclude(test.summary)
        console.emit(
            JSONLine(
                event: "evaluation",
                ["loss": test.loss, "accuracy": test.accuracy, "confusion": test.confusion.counts]
            )
        )
        try console.finish()
    }
}
