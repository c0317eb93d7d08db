import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// The real datasets, where `SWIFTCONVNET_DATA` or the system has them; skipped elsewhere.
@Suite("The real datasets")
struct RealDataTests {
    static let mnist = ProcessInfo.processInfo.environment["SWIFTCONVNET_DATA"].map { $0 + "/mnist" }
    static let fashion = "/usr/share/datasets/fashion-mnist"

    static func has(_ folder: String?) -> Bool {
        folder.map { FileManager.default.fileExists(atPath: $0 + "/t10k-labels-idx1-ubyte.gz") } ?? false
    }

    @Test("MNIST has its samples, and is found by SWIFTCONVNET_DATA", .enabled(if: has(mnist)))
    func digits() throws {
        let mnist = try MNIST.load(allowDownload: false)
        #expect(mnist.source == .environment(try #require(Self.mnist)))
        #expect(mnist.train.samples.shape == [60000, 28, 28, 1])
        #expect(mnist.test.samples.shape == [10000, 28, 28, 1])
        #expect(mnist.train.labels.map { Array($0.prefix(5)) } == [5, 0, 4, 1, 9])
        #expect(mnist.test.labels.map { Array($0.prefix(5)) } == [7, 2, 1, 0, 4])
    }

    @Test("The shipped sample is a part of MNIST's training images", .enabled(if: has(mnist)))
    func sampleIsPart() throws {
        let mnist = try MNIST.load(allowDownload: false)
        let sample = try MNIST.sample()
        guard case .bytes(let all) = mnist.train.samples, let labels = mnist.train.labels else { return }
        var known: [ArraySlice<UInt8>: Int] = [:]
        for place in labels.indices { known[all.bytes[(place * 784)..<((place + 1) * 784)]] = labels[place] }
        for part in [sample.train, sample.test] {
            guard case .bytes(let images) = part.samples, let labels = part.labels else { return }
            for place in labels.indices {
                #expect(known[images.bytes[(place * 784)..<((place + 1) * 784)]] == labels[place])
            }
        }
    }

    @Test("Fashion-MNIST is found where Debian puts it", .enabled(if: has(fashion)))
    func clothes() throws {
        let search = DatasetSearch(.fashionMNIST, folder: nil, allowDownload: false, environment: [:])
        let fashion = try search.load()
        #expect(fashion.source == .system(Self.fashion))
        #expect(fashion.train.samples.shape == [60000, 28, 28, 1])
        #expect(fashion.test.labels.map { Array($0.prefix(5)) } == [9, 2, 1, 1, 6])
    }

    @Test("Fashion-MNIST in the place of MNIST is an error that says so", .enabled(if: has(fashion)))
    func swapped() throws {
        let error = #expect(throws: ConvNetError.self) { try MNIST.load(from: Self.fashion) }
        #expect(error?.kind == .data)
        #expect(error?.expected == "train-images-idx3-ubyte of MNIST")
        #expect(error?.received == "train-images-idx3-ubyte of Fashion-MNIST")
        #expect(error?.remedy == "Load Fashion-MNIST, or name another folder")
    }

    @Test("MNIST in the place of Fashion-MNIST is an error that says so", .enabled(if: has(mnist)))
    func swappedBack() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("fashion-mnist"),
            withDestinationPath: #require(Self.mnist)
        )
        let search = DatasetSearch(
            .fashionMNIST,
            folder: nil,
            allowDownload: false,
            environment: ["SWIFTCONVNET_DATA": folder.path]
        )
        let error = #expect(throws: ConvNetError.self) { try search.load() }
        #expect(error?.kind == .data)
        #expect(error?.received == "train-images-idx3-ubyte of MNIST")
    }

    @Test("The test set in the place of the training set is an error", .enabled(if: has(fashion)))
    func testForTraining() throws {
        let folder = try TemporaryFolder()
        for (name, content) in [
            ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"),
            ("train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
            ("t10k-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"),
            ("t10k-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(name),
                withDestinationPath: "\(Self.fashion)/\(content)"
            )
        }
        let error = #expect(throws: ConvNetError.self) { try FashionMNIST.load(from: folder.path) }
        #expect(error?.kind == .data)
        #expect(error?.received == "t10k-images-idx3-ubyte of Fashion-MNIST")
        #expect(error?.remedy == "Put the files back in their places")
    }
}
