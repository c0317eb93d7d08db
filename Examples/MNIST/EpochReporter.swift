import ConvNetReports
import Foundation
import SwiftConvNet

/// After each epoch: a line of `--json`, and `history.csv` with all epochs so far, those before an interruption too.
final class EpochReporter: Callback {
    private let console: Console
    private let folder: ReportFolder

    init(console: Console, folder: ReportFolder) {
        self.console = console
        self.folder = folder
    }

    var receivesBatches: Bool { false }

    func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run): if let resumption = run.resumption { report(resumption) }
        case .epochEnded(let epoch):
            report(epoch)
            try folder.write(Self.csv(session.history), as: "history.csv")
        case .epochBegan, .batchEnded, .trainingEnded: break
        }
    }

    private func report(_ resumption: Resumption) {
        console.emit(JSONLine(event: "resumed", ["epoch": resumption.epoch, "batch": resumption.batch]))
        // Else progress says it.
        if console.verbosity == .silent { resumption.notices.forEach(Console.note) }
    }

    private func report(_ epoch: EpochRecord) {
        console.emit(
            JSONLine(
                event: "epoch",
                [
                    "epoch": epoch.epoch, "seconds": epoch.seconds,
                    "images_per_second": epoch.samplesPerSecond,
                    "loss": epoch.values["loss"], "accuracy": epoch.values["accuracy"],
                    "val_loss": epoch.values["val_loss"], "val_accuracy": epoch.values["val_accuracy"],
                ]
            )
        )
    }

    /// One row per epoch; the columns are a promise to scripts.
    private static func csv(_ history: History) -> String {
        let rows = history.epochs.map { epoch in
            let figures = ["accuracy", "loss", "val_accuracy", "val_loss"].map {
                epoch.values[$0].map { "\($0)" } ?? ""
            }
            let times = [
                String(format: "%.3f", epoch.seconds), String(format: "%.1f", epoch.samplesPerSecond),
            ]
            return (["\(epoch.epoch)"] + figures + times).joined(separator: ",") + "\n"
        }
        return "epoch,accuracy,loss,val_accuracy,val_loss,seconds,images_per_second\n" + rows.joined()
    }
}
