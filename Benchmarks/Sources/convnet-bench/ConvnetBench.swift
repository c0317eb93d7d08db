import ArgumentParser

/// `convnet-bench`: measures the library, part by part and beside other frameworks.
@main
struct ConvnetBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convnet-bench",
        abstract: "Measures SwiftConvNet, part by part and beside other frameworks.",
        discussion:
            "Nothing else should run on the machine meanwhile. Benchmarks/README.md explains the tables.",
        subcommands: [
            GEMMCommand.self, ConvolutionCommand.self, LayersCommand.self, TrainCommand.self,
            InferCommand.self, StartupCommand.self, MemoryCommand.self, ScalingCommand.self,
            DenormalsCommand.self, DataCommand.self, PeersCommand.self, CompareCommand.self, AllCommand.self,
            LaunchCommand.self,
            ChildCommand.self,
        ]
    )
}
