import Foundation
import SwiftConvNet

/// Looks for a dataset in one place after another; `MNIST.load`, `CIFAR10.load` and so on say in which.
package struct DatasetSearch {
    static let dataVariable = "SWIFTCONVNET_DATA"

    private let form: any DatasetForm
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
        self.init(published as any DatasetForm, folder, allowDownload, progress, environment, downloader)
    }

    /// A search for a dataset that is published as an archive; as the other one.
    package init(
        _ published: PublishedArchive,
        folder: String?,
        allowDownload: Bool,
        progress: DownloadProgress.Handler? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        downloader: Downloader = Downloader()
    ) {
        self.init(published as any DatasetForm, folder, allowDownload, progress, environment, downloader)
    }

    private init(
        _ form: any DatasetForm,
        _ folder: String?,
        _ allowDownload: Bool,
        _ progress: DownloadProgress.Handler?,
        _ environment: [String: String],
        _ downloader: Downloader
    ) {
        self.form = form
        self.folder = folder
        self.environment = environment
        self.allowDownload = allowDownload
        self.downloader = downloader
        self.progress = progress
    }

    package func load() throws -> LoadedDataset {
        if let folder { return try load(fromNamed: DatasetFolder(folder)) }

        var passedOver: [String] = []
        if let folder = environmentFolder {
            if form.isThere(in: folder) {
                return try form.load(from: folder, source: .environment(folder.path), passedOver: passedOver)
            }
            passedOver.append("\(folder.path) (\(Self.dataVariable)): it has none of the files")
        } else {
            passedOver.append("\(Self.dataVariable): it is not set")
        }

        let cache = DatasetFolder.cache(form.folderName, environment)
        do {
            if let cache {
                return try form.loadPublished(from: cache, source: .cache(cache.path), passedOver: passedOver)
            }
            passedOver.append("the cache folder: neither XDG_CACHE_HOME nor HOME names one")
        } catch let error as ConvNetError {
            passedOver.append("\(cache?.path ?? "the cache folder"): \(error.summary)")
        }

        for folder in form.systemFolders.map(DatasetFolder.init) {
            if form.isThere(in: folder) {
                return try form.load(from: folder, source: .system(folder.path), passedOver: passedOver)
            }
            passedOver.append("\(folder.path): it has none of the files")
        }

        var failure: ConvNetError?
        if !allowDownload {
            passedOver.append("a download: not allowed by the caller")
        } else if !Downloader.isAvailable {
            passedOver.append("a download: \(Downloader.unavailable)")
        } else if let cache {
            if form.mirrors.isEmpty { passedOver.append("a download: no mirror is known") }
            for mirror in form.mirrors {
                do {
                    try form.download(into: cache, from: mirror, downloader, progress)
                    return try form.loadPublished(
                        from: cache,
                        source: .download(mirror: mirror, folder: cache.path),
                        passedOver: passedOver
                    )
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

        if let sample = try form.shippedSample(passedOver: passedOver) { return sample }
        throw ConvNetError(
            failure?.kind ?? .file,
            "\(form.name) is in none of the known places",
            at: form.name,
            received: passedOver.joined(separator: "; "),
            remedy: form.otherSource + (Downloader.isAvailable ? "" : ". \(Downloader.remedy)")
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
        let places = [folder, folder.folder(form.folderName)]
        guard let place = places.first(where: form.isThere) else {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
            throw ConvNetError(
                .file,
                "The folder does not have the files of \(form.name)",
                at: folder.path,
                expected: "in it or in its folder \(form.folderName), \(form.files)",
                received: !exists
                    ? "no such folder"
                    : isFolder.boolValue
                        ? "none of them; in the folder: \(folder.contents)" : "a file, not a folder",
                remedy: places.lazy.compactMap { form.remedy(in: $0) }.first
            )
        }
        return try form.load(from: place, source: .folder(place.path), passedOver: [])
    }

    private var environmentFolder: DatasetFolder? {
        guard let data = environment[Self.dataVariable], !data.isEmpty else { return nil }
        return DatasetFolder(data).folder(form.folderName)
    }
}
