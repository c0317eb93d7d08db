import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Files that somebody has made to do harm; what chance breaks is in the tests of each reader, and in `FuzzTests`.
@Suite("Hostile files of datasets")
struct HostileDatasetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(_ content: [UInt8], limit: Int = 1 << 20) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try IDXFile(decoding: content, name: "data", limit: limit) }
    }

    @Test("What a file decodes to is asked for first, and the error names the file")
    func memory() async {
        await #expect(processExitsWith: .success) {
            let labels = try IDXFile(
                decoding: [0, 0, 8, 1, 0, 0x80, 0, 0] + [UInt8](repeating: 1, count: 8 << 20),
                name: "labels.idx"
            )
            let large = gzip([0, 0, 8, 1, 2, 0, 0, 0] + [UInt8](repeating: 1, count: 32 << 20))
            let image = Array("P5 3500 3500 255\n".utf8) + [UInt8](repeating: 1, count: 12_250_000)
            MemoryLimit.leave(mebibytes: 53)
            #expect(MemoryLimit.shortage { _ = try labels.labels } == "labels.idx")
            #expect(MemoryLimit.shortage { _ = try labels.tensor } == "labels.idx")
            #expect(MemoryLimit.shortage { _ = try IDXFile(decoding: large, name: "large.gz") } == "large.gz")
            #expect(
                MemoryLimit.shortage { _ = try GrayImage(decodingPGM: image, name: "image.pgm") }
                    == "image.pgm"
            )
        }
    }

    @Test("A bomb of many members is broken off at the limit, or at the size that the header names")
    func members() throws {
        let zeros = gzip([UInt8](repeating: 0, count: 10_000_000))
        let many = (0..<100).flatMap { _ in zeros }  // a gigabyte
        let modest = gzip([0, 0, 8, 1, 0, 0, 0, 4]) + many
        #expect(error(modest)?.summary == "Something follows the elements")
        let greedy = gzip([0, 0, 8, 1, 0x3f, 0xff, 0, 0]) + many
        #expect(error(greedy)?.summary == "The array that the header describes is too large")
    }

    @Test("A bomb in a bomb is inflated once")
    func nested() throws {
        let bomb = gzip(gzip([UInt8](repeating: 0, count: 10_000_000)))
        #expect(error(bomb)?.summary == "The file is not an IDX file")
    }

    @Test("Members without content, however many, are passed over in time")
    func emptyMembers() throws {
        let empty = gzip([])
        let content = gzip([0, 0, 8, 1, 0, 0, 0, 1]) + (0..<100_000).flatMap { _ in empty } + gzip([7])
        #expect(try IDXFile(decoding: content, name: "data").labels == [7])
    }

    @Test("The limit holds for the file itself, too")
    func compressedLimit() throws {
        try AtomicFile.write(noise(5000), to: folder.file("large"))
        let error = #expect(throws: ConvNetError.self) {
            try IDXFile(contentsOf: folder.file("large"), limit: 4999)
        }
        #expect(error?.kind == .file)
        #expect(error?.expected == "at most 4999 bytes")
    }

    @Test("A name in a gzip header goes nowhere: neither upwards nor anywhere else")
    func nameInArchive() throws {
        let inner = try folder.makeFolder("inner")
        let outside = folder.file("outside")
        let content = gzip([0, 0, 8, 1, 0, 0, 0, 1, 7])
        var named = content
        named[3] = 0b1000  // FNAME
        named.insert(contentsOf: Array("../outside\0".utf8), at: 10)
        try AtomicFile.write(named, to: "\(inner)/labels.gz")
        #expect(try IDXFile(contentsOf: "\(inner)/labels.gz").labels == [7])
        #expect(!FileManager.default.fileExists(atPath: outside))
        #expect(try folder.names == ["inner"])
    }

    @Test(
        "A pipe, a device or a folder in place of a file of the dataset is an error, at once",
        .timeLimit(.minutes(10)),
        arguments: ["pipe", "device", "folder", "loop"]
    )
    func specialFile(form: String) throws {
        try SmallDataset().write(into: folder.path)
        let path = folder.file("train-labels-idx1-ubyte")
        try FileManager.default.removeItem(atPath: path)
        switch form {
        case "pipe": #expect(mkfifo(path, 0o600) == 0)
        case "device": #expect(symlink("/dev/zero", path) == 0)
        case "folder": _ = try folder.makeFolder("train-labels-idx1-ubyte")
        default: #expect(symlink("train-labels-idx1-ubyte", path) == 0)
        }
        let error = #expect(throws: ConvNetError.self) { try MNIST.load(from: folder.path) }
        #expect(error?.kind == .file)
        #expect(throws: ConvNetError.self) { try IDXFile(contentsOf: path) }
        #expect(throws: ConvNetError.self) { try GrayImage(contentsOfPGM: path) }
    }

    @Test("Labels that are no classes: not whole, NaN, negative, out of range")
    func labels() throws {
        func labels(_ type: UInt8, _ count: UInt8, _ bytes: [UInt8]) throws -> Labels {
            try IDXFile(decoding: [0, 0, type, 1, 0, 0, 0, count] + bytes, name: "labels").labels
        }
        let half: [UInt8] = [0x3f, 0, 0, 0], nan: [UInt8] = [0x7f, 0xc0, 0, 0]
        for odd in [half, nan] { #expect(throws: ConvNetError.self) { try labels(0x0D, 1, odd) } }
        // Whole numbers out of range are an array of labels, and no labels of a model with three classes.
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 3, activation: .softmax)])
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        for odd in [try labels(0x09, 1, [0xff]), try labels(0x0C, 1, [0x7f, 0xff, 0xff, 0xff])] {
            let error = #expect(throws: ConvNetError.self) {
                try model.fit(Tensor(zeros: [1, 1]), odd, verbose: .silent)
            }
            #expect(error?.kind == .data)
        }
        // In a dataset they are refused when it is loaded.
        var small = SmallDataset()
        small.files[.trainLabels] = IDXFile(
            elementType: .uint8,
            shape: [20],
            bytes: [UInt8](repeating: 10, count: 20),
            name: ""
        )
        try small.write(into: folder.path)
        let error = #expect(throws: ConvNetError.self) { try MNIST.load(from: folder.path) }
        #expect(error?.summary == "A label is out of range")
    }

    @Test("A file that shrinks or grows while it is read is an error or what was there, never a crash")
    func changing() throws {
        let path = folder.file("labels")
        let whole: [UInt8] = [0, 0, 8, 1, 0, 8, 0, 0] + [UInt8](repeating: 1, count: 1 << 19)
        try AtomicFile.write(whole, to: path)
        let writer = Thread { [path] in
            for round in 0..<400 { truncate(path, round % 2 == 0 ? 100 : off_t(whole.count)) }
        }
        writer.start()
        var results = Set<Bool>()
        repeat {
            do {
                #expect(try IDXFile(contentsOf: path).shape == [1 << 19])
                results.insert(true)
            } catch {
                #expect(error is ConvNetError)
                results.insert(false)
            }
        } while !writer.isFinished
        #expect(!results.isEmpty)
    }
}
