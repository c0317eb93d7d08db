import ArgumentParser
import ConvNetDatasets
import SwiftConvNet

/// A dataset that the network can be trained on.
enum DatasetName: String, ExpressibleByArgument, CaseIterable {
    case fashion
    case mnist
}

/// Options that say which pictures, and from where.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The pictures to use.", valueName: "name"))
    var dataset = DatasetName.fashion

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            """
            The folder with the dataset's four files, or with a folder of the dataset's name that has them. \
            (default: the first of SWIFTCONVNET_DATA, the cache, the system's folder, a download)
            """,
            valueName: "folder"
        ),
        completion: .directory
    )
    var folder: String?

    /// Loads the dataset, and says from where.
    func load() throws -> LoadedDataset {
        let loaded =
            switch dataset {
            case .fashion: try FashionMNIST.load(from: folder)
            case .mnist: try MNIST.load(from: folder)
            }
        say("\(loaded)")
        return loaded
    }
}
