import Foundation
import SwiftConvNet

/// The user's cache folder for a dataset in MNIST's four files: it keeps only content with the digests of the published files.
struct DatasetCache {
    let folder: DatasetFolder
    private let published: PublishedDataset

    init(_ folder: DatasetFolder, of published: PublishedDataset) {
        self.folder = folder
        self.published = published
    }

    /// Reads the four files.
    ///
    /// - Throws: `ConvNetError` if one is missing, broken, or not the published one.
    func read() throws -> FourFiles {
        try FourFiles(read)
    }

    /// Downloads the files that are not there, or not right.
    ///
    /// A file gets its name in the folder only when its content has proved to be the published one.
    ///
    /// - Throws: `ConvNetError` of kind `network` if a download fails, `format` or `data` if its content is
    ///   wrong, `file` if the folder cannot be written.
    func fill(from mirror: String, _ downloader: Downloader, _ progress: DownloadProgress.Handler?) throws {
        try Folders.make(folder.path, as: "the cache folder")
        // The smallest first: a mirror that does not answer, or has other content, is found out early.
        for file in PublishedDataset.File.allCases.sorted(by: { $0.publishedSize < $1.publishedSize })
        where !has(file) {
            let address = "\(mirror)\(file.rawValue).gz"
            let content = try downloader.download(address, limit: Self.sizeLimit(file), progress: progress)
            _ = try decode(content, file, name: address)
            let name = GzipReader.recognizes(content) ? "\(file.rawValue).gz" : file.rawValue
            try AtomicFile.write(content, to: folder.file(name))
            // A wrong file of the other form would be found before the right one.
            for other in [file.rawValue, "\(file.rawValue).gz"] where other != name {
                try? FileManager.default.removeItem(atPath: folder.file(other))
            }
        }
    }

    private func has(_ file: PublishedDataset.File) -> Bool { (try? read(file)) != nil }

    private func read(_ file: PublishedDataset.File) throws -> FourFiles.Entry {
        guard let path = folder.existing(file, of: published) else {
            throw ConvNetError(.file, "\(file.rawValue) is not there", at: folder.path)
        }
        return try decode(FileContents.read(path, limit: Self.sizeLimit(file)), file, name: path)
    }

    private func decode(_ content: [UInt8], _ file: PublishedDataset.File, name: String) throws
        -> FourFiles.Entry
    {
        let entry = try FourFiles.Entry(IDXFile(decoding: content, name: name, limit: file.publishedSize))
        let digest = entry.digest.description
        guard digest == published.digests[file] else {
            throw ConvNetError(
                .data,
                "\(file.rawValue) is not that of \(published.name)",
                at: name,
                expected: "the SHA-256 \(published.digests[file] ?? "of a known file")",
                received: digest
            )
        }
        return entry
    }

    /// The largest size in bytes that the file may have, compressed or not: data that cannot be compressed
    /// grow a little.
    private static func sizeLimit(_ file: PublishedDataset.File) -> Int {
        file.publishedSize + file.publishedSize / 100 + 1024
    }
}
