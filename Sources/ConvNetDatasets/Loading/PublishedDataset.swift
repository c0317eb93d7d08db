/// What is known about a dataset that is published in MNIST's four files.
package struct PublishedDataset: Sendable {
    /// The four files, in the order in which datasets list them.
    package enum File: String, Hashable, Sendable, CaseIterable {
        case trainImages = "train-images-idx3-ubyte"
        case trainLabels = "train-labels-idx1-ubyte"
        case testImages = "t10k-images-idx3-ubyte"
        case testLabels = "t10k-labels-idx1-ubyte"

        /// The size in bytes of the file as published, decompressed.
        var publishedSize: Int {
            switch self {
            case .trainImages: 47_040_016
            case .trainLabels: 60_008
            case .testImages: 7_840_016
            case .testLabels: 10_008
            }
        }
    }

    /// What the dataset is called.
    var name: String
    /// What its folders are called.
    var folderName: String
    /// The names of the classes.
    package var classNames: [String]
    /// The SHA-256 of the decompressed files.
    package var digests: [File: String]
    /// The addresses that the files' names, with `.gz`, are added to.
    package var mirrors: [String]
    /// Folders where packages of operating systems keep the files.
    package var systemFolders: [String]
    /// Where else to get it, for errors.
    var remedy: String
    /// What the names of the files begin with, before `train-` and `test-`, in place of MNIST's `train-` and `t10k-`.
    var filePrefix: String?
    /// Whether the rows of the images are in the file as columns, as EMNIST has them.
    var isTransposed = false
    /// The label of the first class.
    var firstLabel = 0

    /// The name of a file, without `.gz`.
    func fileName(_ file: File) -> String {
        guard let filePrefix else { return file.rawValue }
        return filePrefix + file.rawValue.replacing("t10k-", with: "test-")
    }

    /// The names of files in a row, for errors.
    func names(of files: [File]) -> String { files.map(fileName).joined(separator: ", ") }
}

extension PublishedDataset {
    package static let mnist = PublishedDataset(
        name: "MNIST",
        folderName: "mnist",
        classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        digests: [
            .trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            .trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            .testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            .testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ],
        mirrors: [
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ],
        systemFolders: [],
        remedy: "Name a folder that has the files"
    )

    package static let fashionMNIST = PublishedDataset(
        name: "Fashion-MNIST",
        folderName: "fashion-mnist",
        classNames: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
            "Ankle boot",
        ],
        digests: [
            .trainImages: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            .trainLabels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            .testImages: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            .testLabels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ],
        mirrors: [
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            // The authors' own, which has no https. The digests are what vouches for the content.
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ],
        systemFolders: ["/usr/share/datasets/fashion-mnist"],
        remedy: "Install Debian's package dataset-fashion-mnist, or name a folder that has the files"
    )

    /// Which file of which dataset has the SHA-256 `digest`, if one of those known here.
    static func owner(of digest: String) -> (dataset: PublishedDataset, file: File)? {
        for dataset in [mnist, fashionMNIST] {
            for file in File.allCases where dataset.digests[file] == digest { return (dataset, file) }
        }
        return nil
    }
}
