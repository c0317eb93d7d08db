import ArgumentParser

/// `convnet-bench peers`.
struct PeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "The same work here and in other frameworks, in turn.",
        discussion:
            "Ratios are theirs / ours in time, ours / theirs in speed: more than 1 means that ours is faster."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Peers") var options: PeerOptions

    func run() throws {
        _ = try options.command()
        try common.run { effort, show in
            let benchmark = try PeersBenchmark(effort: effort, options: options)
            for work in benchmark.works { for section in try benchmark.sections(work) { try show(section) } }
        }
    }
}
