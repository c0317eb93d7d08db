import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

/// `swift test --disable-default-traits --filter NoDownloads`
@Suite("Without the trait Downloads", .enabled(if: !Downloader.isAvailable))
struct NoDownloadsTests {
    /// A dataset that is nowhere.
    private func load(_ published: PublishedDataset) throws -> LoadedDataset {
        var published = published
        published.systemFolders = []
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let dataset = try DatasetSearch(
            published,
            folder: nil,
            allowDownload: true,
            environment: ["XDG_CACHE_HOME": folder.path]
        ).load()
        #expect(try folder.names.isEmpty)
        return dataset
    }

    @Test("the sample is loaded, and the missing trait is named")
    func sample() throws {
        let dataset = try load(.mnist)
        #expect(dataset.source == .sample)
        #expect(
            dataset.passedOver.last == "a download: SwiftConvNet was built without its trait Downloads"
        )
    }

    @Test("what is nowhere is an error that names the trait, and how to enable it")
    func nowhere() {
        let error = #expect(throws: ConvNetError.self) { try load(.fashionMNIST) }
        #expect(error?.kind == .file)
        #expect(error?.received?.contains("built without its trait Downloads") == true)
        #expect(error?.remedy?.contains("Enable the trait Downloads") == true)
    }

    @Test("a download is an error of kind network")
    func download() {
        let error = #expect(throws: ConvNetError.self) {
            try Downloader().download("http://127.0.0.1:1/", limit: 1)
        }
        #expect(error?.kind == .network)
        #expect(error?.remedy?.contains("Enable the trait Downloads") == true)
    }
}
