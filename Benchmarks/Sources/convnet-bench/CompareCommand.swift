import ArgumentParser
import BenchmarkCore
import Foundation

/// `convnet-bench compare`: two JSON reports side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two JSON reports, figure by figure."
    )

    @Argument(help: "The earlier report.") var old: String
    @Argument(help: "The later report.") var new: String

    @Option(help: ArgumentHelp("Write the comparison as Markdown.", valueName: "file"))
    var markdown: String?

    func run() throws {
        let section = Comparison(old: try Self.report(old), new: try Self.report(new)).section
        Console.say(section.text)
        if let markdown { try section.markdown.write(toFile: markdown, atomically: true, encoding: .utf8) }
    }

    private static func report(_ path: String) throws -> Report {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw ValidationError("Cannot read \(path): \(error.localizedDescription)")
        }
        do { return try Report(json: data) } catch {
            throw ValidationError("\(path) is no report of convnet-bench: \(error)")
        }
    }
}
