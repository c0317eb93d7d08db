import ConvNetDatasets
import SwiftConvNet

/// A dataset that is known by its name.
enum KnownDataset: String, CaseIterable {
    case mnist
    case fashionMNIST = "fashion-mnist"
    case kmnist
    case emnistBalanced = "emnist-balanced"
    case emnistByClass = "emnist-byclass"
    case emnistByMerge = "emnist-bymerge"
    case emnistDigits = "emnist-digits"
    case emnistLetters = "emnist-letters"
    case cifar10
    case cifar100

    /// The shape of a sample.
    var shape: Shape { self == .cifar10 || self == .cifar100 ? [32, 32, 3] : [28, 28, 1] }

    /// Loads it, and says which files are downloaded.
    func load(from folder: String?) throws -> LoadedDataset {
        let progress = DownloadAnnouncement().handler
        return switch self {
        case .mnist: try MNIST.load(from: folder, progress: progress)
        case .fashionMNIST: try FashionMNIST.load(from: folder, progress: progress)
        case .kmnist: try KMNIST.load(from: folder)
        case .emnistBalanced: try EMNIST.load(.balanced, from: folder)
        case .emnistByClass: try EMNIST.load(.byClass, from: folder)
        case .emnistByMerge: try EMNIST.load(.byMerge, from: folder)
        case .emnistDigits: try EMNIST.load(.digits, from: folder)
        case .emnistLetters: try EMNIST.load(.letters, from: folder)
        case .cifar10: try CIFAR10.load(from: folder, progress: progress)
        case .cifar100: try CIFAR100.load(from: folder, progress: progress)
        }
    }
}

/// Says on standard error which file is being downloaded, once for each.
private final class DownloadAnnouncement: Sendable {
    private let announced = Lock<Set<String>>([])

    var handler: DownloadProgress.Handler {
        { [self] progress in
            if announced.withLock({ $0.insert(progress.address).inserted }) {
                Console.note("Downloading \(progress.address)")
            }
        }
    }
}
