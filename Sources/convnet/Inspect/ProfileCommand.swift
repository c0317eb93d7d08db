import ArgumentParser
import Foundation
import SwiftConvNet

/// `convnet profile`: where the time of a batch goes.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Times every layer: milliseconds, GFLOP/s, share of the peak, implementation.",
        discussion: """
            GFLOP/s count a multiplication and an addition for each use of a weight. The peak is the speed of a product of two 1024 x 1024 \
            matrices, measured in the same run. Layers are timed one by one; a whole prediction takes less, for neighbours share the cache.

            EXAMPLES
              convnet profile resnet18.onnx --batch-size 8
              convnet profile model.keras --training    # a step of training
              convnet profile resnet18.onnx --why       # all ways to compute convolutions
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file()) var model: String

    @Option(help: ArgumentHelp("The samples of a batch.", valueName: "n")) var batchSize = 1
    @Option(help: ArgumentHelp("How often it runs; times are medians.", valueName: "n")) var repeats = 10

    @Flag(help: "Time a step of training; the model must be compiled, as its file says.")
    var training = false

    @Flag(
        help: "Time each implementation of convolutions, and list them beside the one that the library takes."
    )
    var why = false

    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        try require(1...1_000_000, batchSize, "--batch-size")
        try require(1...1_000_000, repeats, "--repeats")
    }

    func run() throws {
        let console = Console(printing)
        let loaded = try options.load(model, processor, compiles: training)
        console.tell(loaded.notes)
        let network = loaded.model
        let profile = try console.during("Timing the layers") {
            try network.profile(
                batchSize: batchSize,
                mode: training ? .training : .inference,
                repeats: repeats
            )
        }
        let table = SpeedTable(
            profile,
            LayerWork(of: network),
            peak: try PeakSpeed.measured(processor.compute)
        )
        let times =
            why
            ? try ImplementationTimes(
                batchSize: batchSize,
                repeats: repeats,
                processor.compute,
                console
            ) { compute in
                try options.load(model, processor, compute: compute, compiles: false).model
            } : nil
        if training { console.say(profile.text(characters: console.characters)) }
        console.say(console.characters.shown(table.text(why: times)))
        for row in table.rows {
            console.emit(
                JSONLine(
                    event: "layer",
                    [
                        "name": row.name, "kind": row.kind, "implementation": row.implementation,
                        "seconds": row.seconds, "backward_seconds": row.backwardSeconds,
                        "gflops": row.speed.map { $0 / 1e9 },
                        "share_of_peak": row.speed.map { table.peak > 0 ? $0 / table.peak : 0 },
                        "alternatives": times?.layers[row.name].map { list in
                            Dictionary(list.map { ($0.name, $0.seconds) }) { first, _ in first }
                        },
                    ]
                )
            )
        }
        console.emit(
            JSONLine(
                event: "profile",
                [
                    "batch_size": batchSize, "training": training, "seconds": profile.totalSeconds,
                    "peak_gflops": table.peak / 1e9, "threads": profile.workerCount,
                    "core": profile.coreName,
                ]
            )
        )
        try console.finish()
    }
}
