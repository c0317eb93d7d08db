import ArgumentParser
import SwiftConvNet

/// `mnist doctor`: whether this machine and its libraries compute what they should.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks this machine: OpenBLAS, threads, memory, environment.",
        discussion:
            "Ends with exit code 1 if a check fails. The environment is taken as it is: nothing is unset."
    )

    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        let console = Console(printing)
        let report = ConvNet.selfTest()
        console.conclude("\(report)")
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
        if !report.passes { throw ExitCode.failure }
    }
}
