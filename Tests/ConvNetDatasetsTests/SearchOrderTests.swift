import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("The order in which places are searched")
struct SearchOrderTests {
    private let folder: TemporaryFolder
    private let small = SmallDataset()
    /// MNIST and Fashion-MNIST as if the small files were the published ones, without mirrors.
    private let mnist: PublishedDataset
    private let fashion: PublishedDataset

    init() throws {
        folder = try TemporaryFolder()
        mnist = Self.published(.mnist, small.digests)
        fashion = Self.published(.fashionMNIST, small.digests)
    }

    private static func published(
        _ dataset: PublishedDataset,
        _ digests: [PublishedDataset.File: String]
    ) -> PublishedDataset {
        var dataset = dataset
        dataset.digests = digests
        dataset.mirrors = []
        dataset.systemFolders = []
        return dataset
    }

    private func load(
        _ dataset: PublishedDataset? = nil,
        folder: String? = nil,
        environment: [String: String]
    ) throws -> LoadedDataset {
        try DatasetSearch(
            dataset ?? mnist,
            folder: folder,
            allowDownload: false,
            environment: environment
        ).load()
    }

    @Test("The folder named, SWIFTCONVNET_DATA, the cache, the sample; each wins over those behind it")
    func order() throws {
        let named = try folder.makeFolder("named")
        let data = try folder.makeFolder("data/mnist")
        let cache = try folder.makeFolder("caches/swiftconvnet/mnist")
        let home = try folder.makeFolder("home/.cache/swiftconvnet/mnist")
        for place in [named, data, cache, home] { try small.write(into: place, gzip: true) }
        var environment = [
            "SWIFTCONVNET_DATA": folder.file("data"), "XDG_CACHE_HOME": folder.file("caches"),
            "HOME": folder.file("home"),
        ]
        #expect(try load(folder: named, environment: environment).source == .folder(named))
        #expect(try load(environment: environment).source == .environment(data))
        environment["SWIFTCONVNET_DATA"] = nil
        #expect(try load(environment: environment).source == .cache(cache))
        environment["XDG_CACHE_HOME"] = nil
        #expect(try load(environment: environment).source == .cache(home))
        environment["XDG_CACHE_HOME"] = "relative"
        #expect(try load(environment: environment).source == .cache(home))
        let last = try load(environment: [:])
        #expect(last.source == .sample)
        #expect(last.passedOver.count == 3)
        #expect(last.passedOver.contains("a download: not allowed by the caller"))
    }

    @Test("SWIFTCONVNET_DATA without the files is passed over, and that is said")
    func environmentWithoutFiles() throws {
        for data in [folder.file("nowhere"), try folder.makeFolder("empty"), ""] {
            let loaded = try load(environment: ["SWIFTCONVNET_DATA": data])
            #expect(loaded.source == .sample)
            #expect(loaded.passedOver.first?.contains("SWIFTCONVNET_DATA") == true)
        }
        // The files must be in the dataset's folder there, or Fashion-MNIST's could be taken for MNIST's.
        try small.write(into: folder.path)
        #expect(try load(environment: ["SWIFTCONVNET_DATA": folder.path]).source == .sample)
    }

    @Test("Broken or missing files in SWIFTCONVNET_DATA are an error")
    func environmentBroken() throws {
        let data = try folder.makeFolder("mnist")
        try small.write(into: data)
        try AtomicFile.write("broken", to: data + "/train-images-idx3-ubyte")
        let environment = ["SWIFTCONVNET_DATA": folder.path]
        var error = #expect(throws: ConvNetError.self) { try load(environment: environment) }
        #expect(error?.kind == .format)
        try FileManager.default.removeItem(atPath: data + "/train-images-idx3-ubyte")
        error = #expect(throws: ConvNetError.self) { try load(environment: environment) }
        #expect(error?.received?.hasPrefix("no train-images-idx3-ubyte; in the folder: t10k") == true)
    }

    @Test("Files in the cache that are broken, or not the published ones, are passed over")
    func cacheBroken() throws {
        let cache = try folder.makeFolder("swiftconvnet/mnist")
        let environment = ["XDG_CACHE_HOME": folder.path]
        try small.write(into: cache)
        #expect(try load(environment: environment).source == .cache(cache))
        var other = small
        other.files[.testLabels] = IDXFile(
            elementType: .uint8,
            shape: [10],
            bytes: noise(10).map { $0 % 10 },
            name: ""
        )
        try other.write(into: cache)
        #expect(try load(environment: environment).source == .sample)
        try small.write(into: cache)
        try AtomicFile.write("broken", to: cache + "/train-images-idx3-ubyte")
        #expect(try load(environment: environment).source == .sample)
    }

    @Test("The system's folder is found behind the cache, and without any place there is an error")
    func systemFolder() throws {
        var fashion = fashion
        fashion.systemFolders = [try folder.makeFolder("system")]
        try small.write(into: folder.file("system"), gzip: true)
        let cache = try folder.makeFolder("swiftconvnet/fashion-mnist")
        try small.write(into: cache)
        #expect(try load(fashion, environment: ["XDG_CACHE_HOME": folder.path]).source == .cache(cache))
        let loaded = try load(fashion, environment: [:])
        #expect(loaded.source == .system(folder.file("system")))
        #expect(loaded.classNames[9] == "Ankle boot")

        let error = #expect(throws: ConvNetError.self) { try load(self.fashion, environment: [:]) }
        #expect(error?.kind == .file)
        #expect(error?.received?.contains("SWIFTCONVNET_DATA") == true)
        #expect(error?.remedy?.contains("dataset-fashion-mnist") == true)
    }
}
