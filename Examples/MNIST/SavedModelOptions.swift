import ArgumentParser
import SwiftConvNet

/// The option that says which network to use.
struct SavedModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The saved network.", valueName: "file"),
        completion: .file(extensions: ["safetensors"])
    )
    var model = "mnist-output/mnist.safetensors"

    /// Loads the network.
    func load(options: ComputeOptions) throws -> Model {
        try Model.load(from: model, options: options)
    }
}
