import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// The program `fashion`, as it was built beside these tests.
enum FashionProgram {
    static func run(_ arguments: [String]) throws -> BuiltProgram.Run {
        // Downloads and the cache are out of its reach.
        try BuiltProgram("fashion").run(
            arguments,
            environment: ["XDG_CACHE_HOME": "/dev/null/none", "LC_ALL": "C"]
        )
    }

    /// A network so small that a debug build trains it in seconds.
    static let tiny = [
        "--dataset", "mnist", "--width", "4", "--blocks", "1", "--epochs", "2", "--batch-size", "40",
    ]
}

/// A folder with the four files of a dataset: 200 digits of the shipped sample to train on, 50 to test with.
struct SmallDigits {
    let folder: TemporaryFolder
    var path: String { folder.path }

    init() throws {
        folder = try TemporaryFolder()
        let sample = try MNIST.sample()
        try write(sample.train, 200, .trainImages, .trainLabels)
        try write(sample.test, 50, .testImages, .testLabels)
    }

    private func write(
        _ data: ArrayDataset,
        _ count: Int,
        _ imageFile: PublishedDataset.File,
        _ labelFile: PublishedDataset.File
    ) throws {
        guard case .bytes(let bytes) = data.samples, let labels = data.labels else { return }
        let images = IDXFile(
            elementType: .uint8,
            shape: [count, 28, 28],
            bytes: Array(bytes.bytes.prefix(784 * count)),
            name: ""
        )
        let classes = IDXFile(
            elementType: .uint8,
            shape: [count],
            bytes: labels.prefix(count).map { UInt8($0) },
            name: ""
        )
        try AtomicFile.write(images.encoded, to: folder.file(imageFile.rawValue))
        try AtomicFile.write(classes.encoded, to: folder.file(labelFile.rawValue))
    }
}

/// A run that several tests look at: two epochs on `SmallDigits`.
struct TrainedFashion: Sendable {
    let data: SmallDigits
    let output: TemporaryFolder
    let run: BuiltProgram.Run

    /// Options of every run on the same data.
    var options: [String] { FashionProgram.tiny + ["--data", data.path] }

    func bytes(_ name: String) throws -> [UInt8] {
        try FileContents.read(output.file(name), limit: 1 << 26)
    }

    private init() throws {
        data = try SmallDigits()
        output = try TemporaryFolder()
        run = try FashionProgram.run(
            FashionProgram.tiny + ["--data", data.path, "--output", output.path]
        )
    }

    private static let result = Result { try TrainedFashion() }
    static var shared: TrainedFashion { get throws { try result.get() } }
}
