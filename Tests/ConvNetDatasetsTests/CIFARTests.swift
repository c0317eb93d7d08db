import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("CIFAR-10 and CIFAR-100")
struct CIFARTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Records of images whose byte at (row, column, channel) is a hash of these and of the image's number.
    private static func records(_ numbers: Range<Int>, labels: Int) -> [UInt8] {
        numbers.flatMap { number -> [UInt8] in
            let label = [UInt8(number % 10)] + (labels == 2 ? [UInt8(number % 20 * 5)] : [])
            return label
                + (0..<3072).map { byte(number, row: $0 / 32 % 32, column: $0 % 32, channel: $0 / 1024) }
        }
    }

    private static func byte(_ number: Int, row: Int, column: Int, channel: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: number * 31 + row * 7 + column * 3 + channel * 101)
    }

    private static let files10: [(String, [UInt8])] =
        (0..<5).map { ("data_batch_\($0 + 1).bin", records(($0 * 4)..<($0 * 4 + 4), labels: 1)) }
        + [("test_batch.bin", records(100..<107, labels: 1))]
    private static let files100: [(String, [UInt8])] = [
        ("test.bin", records(100..<107, labels: 2)), ("train.bin", records(0..<20, labels: 2)),
    ]

    private static func archive10(_ files: [(String, [UInt8])] = files10) -> [UInt8] {
        let inner = [
            TarEntry("cifar-10-batches-bin/", type: "5"),
            TarEntry("cifar-10-batches-bin/readme.html", noise(40)),
        ]
        // Not in the order of their names.
        return gzip(tar(inner + files.reversed().map { TarEntry("cifar-10-batches-bin/\($0.0)", $0.1) }))
    }

    private func error(_ load: @autoclosure () throws -> LoadedDataset) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try load() }
    }

    private func expectImages(_ data: ArrayDataset, _ numbers: Range<Int>) throws {
        guard case .bytes(let bytes) = data.samples else {
            Issue.record("the images are not kept as bytes")
            return
        }
        #expect(bytes.shape == [numbers.count, 32, 32, 3])
        for (index, number) in numbers.enumerated() {
            for (row, column, channel) in [
                (0, 0, 0), (0, 0, 2), (0, 31, 1), (31, 0, 0), (17, 5, 2), (31, 31, 2),
            ] {
                #expect(
                    bytes.bytes[((index * 32 + row) * 32 + column) * 3 + channel]
                        == Self.byte(number, row: row, column: column, channel: channel)
                )
            }
        }
    }

    @Test("from the archive, plain or packed, and from unpacked files: the same images", arguments: 0..<5)
    func places(form: Int) throws {
        switch form {
        case 0: try AtomicFile.write(Self.archive10(), to: folder.file("cifar-10-binary.tar.gz"))
        case 1:
            let archive = tar(Self.files10.map { TarEntry($0.0, $0.1) })
            try AtomicFile.write(archive, to: folder.file("cifar-10-binary.tar"))
        default:
            let name = ["", "cifar-10-batches-bin", "cifar-10"][form - 2]
            let place = name.isEmpty ? folder.path : try folder.makeFolder(name)
            for (file, content) in Self.files10 { try AtomicFile.write(content, to: "\(place)/\(file)") }
        }
        let cifar = try CIFAR10.load(from: folder.path)
        try expectImages(cifar.train, 0..<20)
        try expectImages(cifar.test, 100..<107)
        #expect(cifar.train.labels == Labels((0..<20).map { Int32($0 % 10) }))
        #expect(cifar.train.classNames == cifar.classNames && cifar.test.classNames == cifar.classNames)
        #expect(cifar.classNames.count == 10 && cifar.classNames[9] == "truck")
        #expect(!cifar.isPublished && cifar.name == "unknown images in CIFAR-10's form")
        // The digest is of the files' content, wherever they are.
        var combined = SHA256()
        for (_, content) in Self.files10 { combined.update(SHA256.hash(content).bytes) }
        #expect(cifar.digest == combined.digest.description)
    }

    @Test("CIFAR-100 has fine and coarse labels, and their names")
    func modes() throws {
        for (file, content) in Self.files100 { try AtomicFile.write(content, to: folder.file(file)) }
        let fine = try CIFAR100.load(from: folder.path),
            coarse = try CIFAR100.load(.coarse, from: folder.path)
        try expectImages(fine.train, 0..<20)
        #expect(fine.train.labels == Labels((0..<20).map { Int32($0 % 20 * 5) }))
        #expect(coarse.test.labels == Labels((100..<107).map { Int32($0 % 10) }))
        #expect(fine.classNames.count == 100 && coarse.classNames.count == 20)
        for names in [fine.classNames, coarse.classNames] {
            #expect(names == names.sorted() && Set(names).count == names.count)
        }
        #expect(
            fine.classNames[99] == "worm" && fine.classNames[0] == "apple" && fine.classNames[53] == "orange"
        )
        #expect(coarse.classNames[10] == "large_natural_outdoor_scenes" && coarse.classNames[14] == "people")
    }

    @Test("Files that are missing, not whole or have odd labels are errors that name them")
    func broken() throws {
        #expect(error(try CIFAR10.load(from: folder.path))?.expected?.contains("data_batch_1.bin") == true)
        for (file, content) in Self.files10 where file != "data_batch_3.bin" {
            try AtomicFile.write(content, to: folder.file(file))
        }
        #expect(
            error(try CIFAR10.load(from: folder.path))?.received?.hasPrefix("no data_batch_3.bin;") == true
        )
        let path = folder.file("data_batch_3.bin")
        for odd in [[], [UInt8](repeating: 0, count: 3072), Self.records(0..<2, labels: 1) + [1]] {
            try AtomicFile.write(odd, to: path)
            let error = error(try CIFAR10.load(from: folder.path))
            #expect(error?.kind == .format && error?.location == path)
        }
        try AtomicFile.write([10] + [UInt8](repeating: 0, count: 3072), to: path)
        #expect(error(try CIFAR10.load(from: folder.path))?.location == "\(path), byte 0")
        try AtomicFile.write("pickle", to: folder.makeFolder("other") + "/cifar-10-python.tar.gz")
        #expect(
            error(try CIFAR10.load(from: folder.file("other")))?.remedy?.contains("binary version") == true
        )
    }

    @Test("Archives that lack a file, have it twice, or links and ways out in them are errors")
    func archives() throws {
        let path = folder.file("cifar-10-binary.tar.gz")
        func write(_ entries: [TarEntry]) throws { try AtomicFile.write(gzip(tar(entries)), to: path) }
        let files = Self.files10.map { TarEntry("x/\($0.0)", $0.1) }
        try write(Array(files.dropLast()))
        #expect(error(try CIFAR10.load(from: folder.path))?.received == "no test_batch.bin")
        try write(files + [TarEntry("y/test_batch.bin", Self.files10[5].1)])
        #expect(
            error(try CIFAR10.load(from: folder.path))?.summary == "The archive has a file in two folders"
        )
        try write(files + [TarEntry("link", type: "2")])
        #expect(error(try CIFAR10.load(from: folder.path))?.kind == .format)
        try write([TarEntry("../../evil", [1])] + files)
        #expect(error(try CIFAR10.load(from: folder.path))?.kind == .format)
        #expect(try folder.names == ["cifar-10-binary.tar.gz"])
        try AtomicFile.write("<html>", to: path)
        #expect(error(try CIFAR10.load(from: folder.path))?.kind == .format)
        try write(files)
        #expect(try CIFAR10.load(from: folder.path).train.count == 20)
    }

    @Test(
        "A download is kept if its digest is right, and is then found in the cache",
        .enabled(if: Downloader.isAvailable)
    )
    func download() throws {
        let archive = Self.archive10()
        let server = try LocalServer { path in
            path == "/cifar-10-binary.tar.gz"
                ? LocalServer.answer(archive) : LocalServer.answer([], status: "404 Not Found")
        }
        var published = PublishedArchive.cifar10
        published.mirrors = [server.address]
        func load() throws -> LoadedDataset {
            try DatasetSearch(
                published,
                folder: nil,
                allowDownload: true,
                environment: ["XDG_CACHE_HOME": folder.path],
                downloader: LocalServer.patientDownloader
            ).load()
        }
        // Not what is published: nothing is kept.
        let error = #expect(throws: ConvNetError.self) { try load() }
        #expect(error?.kind == .data && error?.received?.contains("is not that of CIFAR-10") == true)
        let cache = folder.file("swiftconvnet/cifar-10")
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache) == [])
        published.digest = SHA256.hash(archive).description
        let first = try load()
        #expect(first.source == .download(mirror: server.address, folder: cache))
        #expect(first.isPublished && first.name == "CIFAR-10")
        #expect(try load().source == .cache(cache))
        #expect(server.paths.count == 2)
        // What is broken there is replaced.
        try AtomicFile.write("broken", to: cache + "/cifar-10-binary.tar.gz")
        #expect(try load().source == .download(mirror: server.address, folder: cache))
    }

    @Test("SWIFTCONVNET_DATA names the folder around cifar-10")
    func environment() throws {
        let place = try folder.makeFolder("cifar-10")
        try AtomicFile.write(Self.archive10(), to: "\(place)/cifar-10-binary.tar.gz")
        func load(_ environment: [String: String]) throws -> LoadedDataset {
            try DatasetSearch(
                PublishedArchive.cifar10,
                folder: nil,
                allowDownload: false,
                environment: environment
            ).load()
        }
        #expect(try load(["SWIFTCONVNET_DATA": folder.path]).source == .environment(place))
        let error = error(try load([:]))
        #expect(error?.kind == .file && error?.remedy?.contains("cifar-10-binary.tar.gz") == true)
    }

    @Test("The published digests")
    func digests() {
        #expect(
            PublishedArchive.cifar10.digest.hasPrefix("c4a38c50")
                && PublishedArchive.cifar10.digest.count == 64
        )
        #expect(PublishedArchive.cifar100(.fine).digest.hasPrefix("58a81ae1"))
        #expect(PublishedArchive.cifar100(.coarse).mirrors == ["https://www.cs.toronto.edu/~kriz/"])
    }
}
