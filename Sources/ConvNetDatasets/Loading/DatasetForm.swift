import SwiftConvNet

/// A dataset in the form in which it is published: what its files are, and how they are read.
protocol DatasetForm: Sendable {
    /// What the dataset is called.
    var name: String { get }
    /// What its folders are called.
    var folderName: String { get }
    /// Where it can be downloaded.
    var mirrors: [String] { get }
    /// Folders where packages of operating systems keep the files.
    var systemFolders: [String] { get }
    /// Where else to get it, for errors.
    var otherSource: String { get }
    /// Which files are looked for, for errors.
    var files: String { get }

    /// Whether the folder has any of the files.
    func isThere(in folder: DatasetFolder) -> Bool

    /// What to do about files that are in the folder and not those of the dataset, for errors.
    func remedy(in folder: DatasetFolder) -> String?

    /// Reads the files, published or in the same form.
    func load(from folder: DatasetFolder, source: DatasetSource, passedOver: [String]) throws -> LoadedDataset

    /// Reads the files, and throws unless they are the published ones.
    func loadPublished(from folder: DatasetFolder, source: DatasetSource, passedOver: [String]) throws
        -> LoadedDataset

    /// Downloads what is not in the folder, or not right. A file gets its name only when its content has proved to be the
    /// published one.
    func download(
        into folder: DatasetFolder,
        from mirror: String,
        _ downloader: Downloader,
        _ progress: DownloadProgress.Handler?
    ) throws

    /// What comes with this package, for whoever has nothing else.
    func shippedSample(passedOver: [String]) throws -> LoadedDataset?
}

extension DatasetForm {
    func shippedSample(passedOver: [String]) throws -> LoadedDataset? { nil }
}

extension PublishedDataset: DatasetForm {
    var otherSource: String { remedy }
    var files: String { names(of: File.allCases) + Self.alsoWelcome }

    /// Which other names would do, for errors.
    private static let alsoWelcome = ", plain or with .gz; \".idx\" for \"-idx\" and upper case are welcome"

    func isThere(in folder: DatasetFolder) -> Bool {
        File.allCases.contains { folder.existing($0, of: self) != nil }
    }

    func remedy(in folder: DatasetFolder) -> String? { folder.remedy(for: self) }

    func load(from folder: DatasetFolder, source: DatasetSource, passedOver: [String]) throws -> LoadedDataset
    {
        let missing = File.allCases.filter { folder.existing($0, of: self) == nil }
        guard missing.isEmpty else {
            throw ConvNetError(
                .file,
                "Files of the dataset are missing",
                at: folder.path,
                expected: files,
                received: "no \(names(of: missing)); in the folder: \(folder.contents)",
                remedy: remedy(in: folder) ?? "Put all four files into the folder, under these names"
            )
        }
        let files = try FourFiles(decoding: { file in
            try IDXFile(contentsOf: folder.existing(file, of: self) ?? folder.file(fileName(file)))
        })
        return try files.dataset(self, source: source, passedOver: passedOver)
    }

    func loadPublished(from folder: DatasetFolder, source: DatasetSource, passedOver: [String]) throws
        -> LoadedDataset
    {
        try DatasetCache(folder, of: self).read().dataset(self, source: source, passedOver: passedOver)
    }

    func download(
        into folder: DatasetFolder,
        from mirror: String,
        _ downloader: Downloader,
        _ progress: DownloadProgress.Handler?
    ) throws {
        try DatasetCache(folder, of: self).fill(from: mirror, downloader, progress)
    }

    func shippedSample(passedOver: [String]) throws -> LoadedDataset? {
        name == Self.mnist.name ? try MNIST.shippedSample(passedOver: passedOver) : nil
    }
}
