import ArgumentParser
import SwiftConvNet

/// `convnet doctor`: whether this machine and its libraries compute what they should.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks this machine: OpenBLAS, threads, memory, environment.",
        discussion: """
            Ends with exit code \(ToolExit.disagreement.rawValue) if a check fails. The environment is taken as it is.

            EXAMPLES
              convnet doctor
              convnet doctor --json
            """
    )

    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        let console = Console(printing)
        let report = ConvNet.selfTest()
        console.say("\(report)")
        for fact in report.facts {
            console.emit(JSONLine(event: "fact", ["name": fact.name, "value": fact.value]))
        }
        for check in report.checks {
            console.emit(
                JSONLine(
                    event: "check",
                    [
                        "name": check.name, "outcome": check.outcome, "finding": check.finding,
                        "remedy": check.remedy,
                    ]
                )
            )
        }
        console.emit(JSONLine(event: "doctor", ["passed": report.passes]))
        try console.finish()
        if !report.passes { throw ToolExit.disagreement.code }
    }
}
