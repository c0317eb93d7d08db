import ArgumentParser
import SwiftConvNet

/// `mnist replay`: what each layer made of a batch whose numbers went wrong.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Runs a batch again whose loss or gradients were not finite, and shows each layer's range.",
        discussion:
            "Training saves such a batch in its output folder, as nonfinite-epoch2-batch17.safetensors."
    )

    @Argument(
        help: ArgumentHelp("The saved case.", valueName: "file"),
        completion: .file(extensions: ["safetensors"])
    )
    var file: String

    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let found = try NonFiniteCase(contentsOf: file, threads: processor.threads)
        let replay = try found.replay()
        console.say("Epoch \(found.epoch), batch \(found.batch), step \(found.model.stepCount)\n")
        console.conclude("\(replay)")
        for row in replay.rows {
            console.emit(
                JSONLine(
                    event: "range",
                    [
                        "layer": row.layer, "value": "\(row.value)", "minimum": row.range.minimum,
                        "maximum": row.range.maximum, "nan": row.range.nanCount,
                        "infinite": row.range.infinityCount, "count": row.range.count,
                    ]
                )
            )
        }
        let first = replay.firstNonFinite
        console.emit(
            JSONLine(
                event: "replay",
                [
                    "epoch": found.epoch, "batch": found.batch, "samples": found.indices,
                    "first_layer": first?.layer, "first_value": first.map { "\($0.value)" },
                ]
            )
        )
        try console.finish()
    }
}
