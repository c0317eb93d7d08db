import ArgumentParser
import BenchmarkCore

/// Options about folders of pictures.
struct PictureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder of pictures of 32×32 by class, for vgg: \(Self.smallCommand).",
            valueName: "folder"
        ),
        completion: .directory
    )
    var pictures: String?

    @Option(
        help: ArgumentHelp(
            "A folder of pictures of 224×224 by class, for mobilenetv2: \(Self.largeCommand).",
            valueName: "folder"
        ),
        completion: .directory
    )
    var largePictures: String?

    @Option(
        name: .customLong("picture-count"),
        help: ArgumentHelp(
            "An epoch has this many pictures of each folder, the first ones. (default: all)",
            valueName: "n"
        )
    )
    var count: Int?

    private static let smallCommand =
        "python3 Benchmarks/Pictures/make_pictures.py fashion FOLDER --count 4000"
    private static let largeCommand =
        "python3 Benchmarks/Pictures/make_pictures.py drawn FOLDER --count 2000"

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--picture-count must be at least 1") }
    }

    /// A network and the folder that it is trained on.
    struct Source {
        let network: BenchmarkNetwork
        /// The folder, if it was given.
        let folder: String?
        /// The option that names it, and the command that makes it.
        let option: String, command: String
    }

    /// All networks that are trained on a folder.
    var sources: [Source] {
        [
            Source(network: .vgg, folder: pictures, option: "--pictures", command: Self.smallCommand),
            Source(
                network: .mobileNetV2,
                folder: largePictures,
                option: "--large-pictures",
                command: Self.largeCommand
            ),
        ]
    }

    /// The folders that were given.
    var folders: [String] { sources.compactMap(\.folder) }

    /// The tables of `data`.
    func sections(_ effort: Effort, _ show: (ReportSection) throws -> Void) throws {
        try show(DecodingBenchmark(effort: effort, folders: folders).section())
        try show(EpochBenchmark(effort: effort, pictures: self).section())
    }
}
