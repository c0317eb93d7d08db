import Foundation
import SwiftConvNet

/// Looks for a dataset in one place after another; `MNIST.load` and `FashionMNIST.load` say in which.
package struct DatasetSearch {
    static let dataVariable = "SWIFTCONVNET_DATA"

    private let published: PublishedDataset
    private let folder: String?
    private let environment: [String: String]
    private let allowDownload: Bool
    private let downloader: Downloader
    private let progress: DownloadProgress.Handler?

    /// A search.
    ///
    /// - Parameters:
    ///   - published: What to look for, with the mirrors and system folders.
    ///   - environment: The variables of the environment.
    ///   - downloader: The limits of downloads.
    package init(
        _ published: PublishedDataset,
        folder: String?,
        allowDownload: Bool,
        progress: DownloadProgress.Handler? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        downloader: Downloader = Downloader()
    ) {
        self.published = published
        self.folder = folder
        self.environment = environment
        self.allowDownload = allowDownload
        self.downloader = downloader
        self.progress = progress
    }

    package func load() throws -> LoadedDataset {
        if let folder { return try load(fromNamed: DatasetFolder(folder)) }

        var passedOver: [String] = []
        func dataset(_ files: FourFiles, _ source: DatasetSource) throws -> LoadedDataset {
            try files.dataset(published, source: source, passedOver: passedOver)
        }

        if let folder = environmentFolder {
            if folder.hasAny { return try dataset(folder.read(), .environment(folder.path)) }
            passedOver.append("\(folder.path) (\(Self.dataVariable)): it has none of the files")
        } else {
            passedOver.append("\(Self.dataVariable): it is not set")
        }

        let cache = DatasetCache(published, environment: environment)
        do {
            if let cache { return try dataset(cache.read(), .cache(cache.folder.path)) }
            passedOver.append("the cache folder: neither XDG_CACHE_HOME nor HOME names one")
        } catch let error as ConvNetError {
            passedOver.append("\(cache?.folder.path ?? "the cache folder"): \(error.summary)")
        }

        for folder in published.systemFolders.map(DatasetFolder.init) {
            if folder.hasAny { return try dataset(folder.read(), .system(folder.path)) }
            passedOver.append("\(folder.path): it has none of the files")
        }

        var failure: ConvNetError?
        if !allowDownload {
            passedOver.append("a download: not allowed by the caller")
        } else if !Downloader.isAvailable {
            passedOver.append("a download: \(Downloader.unavailable)")
        } else if let cache {
            for mirror in published.mirrors {
                do {
                    try cache.fill(from: mirror, downloader, progress)
                    return try dataset(cache.read(), .download(mirror: mirror, folder: cache.folder.path))
                } catch let error as ConvNetError {
                    // The address is in the line already.
                    let reason = error.kind == .network ? error.summary : error.description
                    passedOver.append("a download from \(mirror): \(reason)")
                    failure = error
                    // Another mirror cannot help against a cache folder that cannot be written.
                    if error.kind == .file { break }
                }
            }
        }

        if published.name == PublishedDataset.mnist.name {
            return try MNIST.shippedSample(passedOver: passedOver)
        }
        throw ConvNetError(
            failure?.kind ?? .file,
            "\(published.name) is in none of the known places",
            at: published.name,
            received: passedOver.joined(separator: "; "),
            remedy: published.remedy + (Downloader.isAvailable ? "" : ". \(Downloader.remedy)")
        )
    }

    private func load(fromNamed folder: DatasetFolder) throws -> LoadedDataset {
        guard !folder.path.isEmpty else {
            throw ConvNetError(
                .argument,
                "The folder has no name",
                at: "load(from:)",
                expected: "a path",
                received: "\"\""
            )
        }
        let places = [folder, folder.folder(published.folderName)]
        guard let place = places.first(where: \.hasAny) else {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
            throw ConvNetError(
                .file,
                "The folder does not have the files of \(published.name)",
                at: folder.path,
                expected: "in it or in its folder \(published.folderName), "
                    + DatasetFolder.names(PublishedDataset.File.allCases) + DatasetFolder.alsoWelcome,
                received: !exists
                    ? "no such folder"
                    : isFolder.boolValue
                        ? "none of them; in the folder: \(folder.contents)" : "a file, not a folder",
                remedy: places.lazy.compactMap(\.remedy).first
            )
        }
        return try place.read().dataset(published, source: .folder(place.path), passedOver: [])
    }

    private var environmentFolder: DatasetFolder? {
        guard let data = environment[Self.dataVariable], !data.isEmpty else { return nil }
        return DatasetFolder(data).folder(published.folderName)
    }
}
