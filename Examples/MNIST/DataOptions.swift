import ArgumentParser
import ConvNetDatasets
import Synchronization

/// A dataset that the network can be trained on.
enum DatasetName: String, ExpressibleByArgument, CaseIterable {
    case mnist
    case fashionMNIST = "fashion-mnist"

    var classNames: [String] {
        switch self {
        case .mnist: MNIST.classNames
        case .fashionMNIST: FashionMNIST.classNames
        }
    }
}

/// Options that say which images, and from where.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The images to use.", valueName: "name"))
    var dataset = DatasetName.mnist

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            """
            The folder with the dataset's four files, or with a folder of the dataset's name that has them. \
            (default: the first of SWIFTCONVNET_DATA, the cache, a download, the shipped sample)
            """,
            valueName: "folder"
        ),
        completion: .directory
    )
    var folder: String?

    /// Loads the dataset, and says from where.
    func load(reportingTo console: Console) throws -> LoadedDataset {
        let announce = DownloadAnnouncement()
        let loaded =
            switch dataset {
            case .mnist: try MNIST.load(from: folder, progress: announce.handler, verbose: .silent)
            case .fashionMNIST: try FashionMNIST.load(from: folder, progress: announce.handler)
            }
        console.say("\(loaded)\n")
        if loaded.source == .sample {
            let notes = loaded.passedOver.map { "  - \($0)\n" }.joined()
            console.say(
                "The whole dataset was not found (--data names a folder that has it):\n\(notes)"
            )
        }
        console.emit(
            JSONLine(
                event: "data",
                [
                    "dataset": loaded.name, "published": loaded.isPublished, "train": loaded.train.count,
                    "test": loaded.test.count,
                    "source": loaded.source.description, "passed_over": loaded.passedOver,
                    "digest": loaded.digest,
                ]
            )
        )
        return loaded
    }
}

/// Says on standard error which file is being downloaded, once for each.
private final class DownloadAnnouncement: Sendable {
    private let announced = Mutex<Set<String>>([])

    var handler: DownloadProgress.Handler {
        { [self] progress in
            if announced.withLock({ $0.insert(progress.address).inserted }) {
                Console.note("Downloading \(progress.address)")
            }
        }
    }
}
