import ArgumentParser
import BenchmarkCore

/// `convnet-bench data`.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract:
            "Decoding pictures beside the same libraries called from C, and an epoch from a folder of pictures.",
        discussion: "A network whose folder is not given is left out."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Pictures") var pictures: PictureOptions

    func validate() throws {
        guard pictures.folders.isEmpty else { return }
        let ways = pictures.sources.map { "\($0.option) FOLDER (\($0.command))" }
        throw ValidationError("Pictures are needed: \(ways.joined(separator: ", or "))")
    }

    func run() throws { try common.run { effort, show in try pictures.sections(effort, show) } }
}
