import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("A folder that the caller names")
struct NamedFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(_ path: String? = nil) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try MNIST.load(from: path ?? folder.path) }
    }

    @Test(
        "has the files, plain or gzip, in it or in the dataset's folder",
        arguments: [false, true],
        ["", "mnist"]
    )
    func found(packed: Bool, inner: String) throws {
        let place = inner.isEmpty ? folder.path : try folder.makeFolder(inner)
        let small = SmallDataset()
        try small.write(into: place, gzip: packed)
        let mnist = try MNIST.load(from: folder.path)
        #expect(mnist.name == "unknown images in MNIST's form")
        #expect(!mnist.isPublished)
        #expect(mnist.train.samples.shape == [20, 28, 28, 1])
        #expect(mnist.test.samples.shape == [10, 28, 28, 1])
        #expect(mnist.train.labels == Labels((0..<20).map { Int32($0 % 10) }))
        #expect(mnist.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
        #expect(mnist.source == .folder(place))
        #expect(
            "\(mnist)"
                == "unknown images in MNIST's form: 20 training and 10 test images from the folder \(place)"
        )
        #expect(mnist.passedOver == [])
        guard case .bytes(let bytes) = mnist.test.samples else {
            Issue.record("the images are not kept as bytes")
            return
        }
        #expect(bytes.bytes == small.files[.testImages]?.bytes)
        #expect(bytes.scale == Float(1) / 255)
    }

    @Test("has the same digest whether plain or gzip, and another for other content")
    func digest() throws {
        var small = SmallDataset()
        try small.write(into: folder.path)
        let plain = try MNIST.load(from: folder.path).digest
        let packed = try folder.makeFolder("packed")
        try small.write(into: packed, gzip: true)
        #expect(try MNIST.load(from: packed).digest == plain)
        small.files[.testImages] = SmallDataset.images(10).samples(0..<9)
        small.files[.testLabels] = SmallDataset.labels(9)
        let other = try folder.makeFolder("other")
        try small.write(into: other)
        #expect(try MNIST.load(from: other).digest != plain)
    }

    @Test("without the files is an error that names them")
    func missing() throws {
        #expect(error()?.received == "none of them; in the folder: nothing")
        #expect(error(folder.file("nowhere"))?.received == "no such folder")
        try AtomicFile.write("text", to: folder.file("file"))
        #expect(error(folder.file("file"))?.received == "a file, not a folder")
        #expect(error("")?.kind == .argument)
        #expect(error()?.kind == .file)
        #expect(error()?.expected?.contains("t10k-labels-idx1-ubyte") == true)
        try SmallDataset().write(into: folder.makeFolder("fashion-mnist"))
        #expect(error()?.kind == .file)
        #expect(try FashionMNIST.load(from: folder.path).source == .folder(folder.file("fashion-mnist")))
    }

    @Test("with only some of the files is an error that names the others")
    func incomplete() throws {
        var small = SmallDataset()
        small.files[.testLabels] = nil
        try small.write(into: folder.path)
        #expect(error()?.kind == .file)
        #expect(
            error()?.received
                == "no t10k-labels-idx1-ubyte; in the folder: t10k-images-idx3-ubyte, train-images-idx3-ubyte, train-labels-idx1-ubyte"
        )
    }

    @Test("with a truncated file is an error", arguments: PublishedDataset.File.allCases, [false, true])
    func truncated(file: PublishedDataset.File, packed: Bool) throws {
        let small = SmallDataset()
        try small.write(into: folder.path, gzip: packed)
        let path = folder.file(file.rawValue) + (packed ? ".gz" : "")
        let content = try FileContents.read(path, limit: 1 << 20)
        try AtomicFile.write(content.dropLast(5).map(\.self), to: path)
        #expect(error()?.kind == .format)
        #expect(error()?.location?.hasPrefix(path) == true)
    }

    @Test("with labels out of range is an error that names the label")
    func labelOutOfRange() throws {
        var small = SmallDataset()
        small.files[.trainLabels] = IDXFile(
            elementType: .uint8,
            shape: [20],
            bytes: [UInt8](repeating: 9, count: 19) + [10],
            name: ""
        )
        try small.write(into: folder.path)
        #expect(error()?.kind == .data)
        #expect(error()?.location == folder.file("train-labels-idx1-ubyte") + ", label 19")
        #expect(error()?.received == "10")
    }

    @Test(
        "with files that do not fit together is an error",
        arguments: [
            (PublishedDataset.File.trainImages, SmallDataset.images(19), ConvNetError.Kind.data),
            (.trainLabels, SmallDataset.labels(21), .data),
            (.testImages, SmallDataset.images(10, height: 27), .format),
            (.testImages, SmallDataset.images(10, height: 32, width: 32), .format),
            (.testImages, SmallDataset.labels(10), .format),
            (.testLabels, SmallDataset.images(10), .format),
            (.trainLabels, IDXFile(elementType: .int32, shape: [20], bytes: noise(80), name: ""), .format),
            (
                .trainImages,
                IDXFile(elementType: .int8, shape: [20, 28, 28], bytes: noise(15680), name: ""), .format
            ),
        ]
    )
    func misfit(file: PublishedDataset.File, content: IDXFile, kind: ConvNetError.Kind) throws {
        var small = SmallDataset()
        small.files[file] = content
        try small.write(into: folder.path)
        #expect(error()?.kind == kind)
        #expect(error()?.location?.hasPrefix(folder.path) == true)
    }

    @Test("with no samples is an error")
    func empty() throws {
        var small = SmallDataset()
        small.files[.testImages] = SmallDataset.images(0)
        small.files[.testLabels] = SmallDataset.labels(0)
        try small.write(into: folder.path)
        #expect(error()?.kind == .data)
        #expect(error()?.summary == "There are no images")
    }

    @Test("with a file that is no regular file is an error, at once")
    func irregular() throws {
        try SmallDataset().write(into: folder.path)
        try FileManager.default.removeItem(atPath: folder.file("train-images-idx3-ubyte"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("train-images-idx3-ubyte"),
            withDestinationPath: "/dev/zero"
        )
        #expect(error()?.kind == .file)
        #expect(error()?.received == "a device or a pipe")
    }
}
