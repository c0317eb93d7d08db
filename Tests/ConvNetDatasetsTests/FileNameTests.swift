import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Copies of MNIST under the names that Kaggle and unpacking programs give them")
struct FileNameTests {
    private let folder: TemporaryFolder
    private let small = SmallDataset()

    init() throws { folder = try TemporaryFolder() }

    /// Writes the four files, each under the path that `name` gives it.
    private func write(gzip packed: Bool = false, _ name: (String) -> String) throws {
        for (file, content) in small.files {
            let path = folder.file(name(file.rawValue))
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true
            )
            try AtomicFile.write(packed ? gzip(content.encoded) : content.encoded, to: path)
        }
    }

    private func expectAll() throws {
        let mnist = try MNIST.load(from: folder.path)
        #expect(mnist.train.count == 20 && mnist.test.count == 10)
        #expect(mnist.train.labels == Labels((0..<20).map { Int32($0 % 10) }))
    }

    @Test(
        "load",
        arguments: [
            { $0.replacing("-idx", with: ".idx") }, { $0.uppercased() }, { "\($0)/\($0)" },
            { $0.replacing("-", with: "_") }, { "\($0)/\($0.replacing("-idx", with: ".idx"))" },
            { "mnist/" + $0.replacing("-idx", with: ".idx") },
        ] as [@Sendable (String) -> String],
        [false, true]
    )
    func names(name: @Sendable (String) -> String, packed: Bool) throws {
        try write(gzip: packed) { name($0) + (packed ? ".gz" : "") }
        try expectAll()
    }

    @Test("The published name comes before another")
    func precedence() throws {
        try write { $0 }
        for file in PublishedDataset.File.allCases {
            try AtomicFile.write("not IDX", to: folder.file(file.rawValue.replacing("-idx", with: ".idx")))
        }
        try expectAll()
    }

    @Test("Kaggle's archive has the files under one name and folders of the other")
    func kaggle() throws {
        try write { $0.replacing("-idx", with: ".idx") }
        try write { "\($0)/\($0)" }
        try expectAll()
    }

    @Test("A folder without the file is no file, and the error lists what is there")
    func emptyFolder() throws {
        try write { $0 }
        try FileManager.default.removeItem(atPath: folder.file("train-images-idx3-ubyte"))
        _ = try folder.makeFolder("train-images-idx3-ubyte")
        let error = #expect(throws: ConvNetError.self) { try MNIST.load(from: folder.path) }
        #expect(error?.kind == .file)
        #expect(error?.received?.hasPrefix("no train-images-idx3-ubyte; in the folder: t10k-images") == true)
        #expect(error?.expected?.contains("\".idx\" for \"-idx\"") == true)
    }

    @Test(
        "What is there instead is named, with what to do",
        arguments: [
            ("emnist-digits-train-images-idx3-ubyte.gz", "transposed"), ("mnist.npz", "IDX"),
            ("mnist_train.csv", "IDX"), ("archive.zip", "Unpack"),
        ]
    )
    func others(name: String, remedy: String) throws {
        try AtomicFile.write("x", to: folder.file(name))
        let error = #expect(throws: ConvNetError.self) { try MNIST.load(from: folder.path) }
        #expect(error?.received == "none of them; in the folder: \(name)")
        #expect(error?.remedy?.contains(remedy) == true)
    }

    @Test("A pointer of git-lfs, a web page and an archive in a file's place are named")
    func foreign() throws {
        for (text, remedy) in [
            ("version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
            ("<!DOCTYPE html><html></html>", "download it again"), ("PK\u{3}\u{4}", "Unpack"),
        ] {
            try write { $0 }
            try AtomicFile.write(text, to: folder.file("t10k-labels-idx1-ubyte"))
            let error = #expect(throws: ConvNetError.self) { try MNIST.load(from: folder.path) }
            #expect(error?.kind == .format)
            #expect(error?.location == folder.file("t10k-labels-idx1-ubyte") + ", byte 0")
            #expect(error?.remedy?.contains(remedy) == true)
        }
        let picture = folder.file("digit.pgm")
        try AtomicFile.write("version https://git-lfs.github.com/spec/v1\n", to: picture)
        let error = #expect(throws: ConvNetError.self) { try GrayImage(contentsOfPGM: picture) }
        #expect(error?.remedy?.contains("git lfs pull") == true)
    }

    @Test("Only the published content is called MNIST; the sample is a part of it")
    func published() throws {
        try write { $0 }
        var known = PublishedDataset.mnist
        let load = { try DatasetSearch(known, folder: folder.path, allowDownload: false).load() }
        let unknown = try load()
        #expect(!unknown.isPublished)
        #expect("\(unknown)".hasPrefix("unknown images in MNIST's form: 20 training"))
        known.digests = small.digests
        #expect(try load().name == "MNIST")
        #expect(try load().isPublished)
        // One other file is enough.
        known.digests[.testLabels] = String(repeating: "0", count: 64)
        #expect(try load().isPublished == false)
        let sample = try MNIST.sample()
        #expect(sample.isPublished && sample.name == "MNIST")
    }
}
