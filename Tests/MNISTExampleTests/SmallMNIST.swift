import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// A folder with the four files of a dataset: 600 digits of the shipped sample to train on, 200 to test with.
struct SmallMNIST {
    let folder: TemporaryFolder
    var path: String { folder.path }

    init() throws {
        folder = try TemporaryFolder()
        let sample = try MNIST.sample()
        try Self.write(sample.train, 600, to: folder, .trainImages, .trainLabels)
        try Self.write(sample.test, 200, to: folder, .testImages, .testLabels)
    }

    private static func write(
        _ data: ArrayDataset,
        _ count: Int,
        to folder: TemporaryFolder,
        _ imageFile: PublishedDataset.File,
        _ labelFile: PublishedDataset.File
    ) throws {
        let images = IDXFile(
            elementType: .uint8,
            shape: [count, 28, 28],
            bytes: try (0..<count).flatMap { try pixels(data, $0) },
            name: ""
        )
        let labels = IDXFile(
            elementType: .uint8,
            shape: [count],
            bytes: try (0..<count).map { UInt8(try data.readLabel($0)) },
            name: ""
        )
        try AtomicFile.write(images.encoded, to: folder.file(imageFile.rawValue))
        try AtomicFile.write(labels.encoded, to: folder.file(labelFile.rawValue))
    }

    /// The grey levels of one image.
    static func pixels(_ data: ArrayDataset, _ index: Int) throws -> [UInt8] {
        guard case .bytes(let images) = data.samples else { return [] }
        return Array(images.bytes[(784 * index)..<(784 * index + 784)])
    }
}

/// A run that several tests look at: two epochs on `SmallMNIST`.
struct TrainedNetwork: Sendable {
    let data: SmallMNIST
    let output: TemporaryFolder
    let run: MNISTProgram.Run

    var model: String { output.file("mnist.safetensors") }
    /// Options of every run on the same data.
    var options: [String] { ["--data", data.path] }

    private init() throws {
        data = try SmallMNIST()
        output = try TemporaryFolder()
        run = try MNISTProgram.run([
            "--data", data.path, "--epochs", "2", "--batch-size", "32", "--output", output.path,
        ])
    }

    private static let result = Result { try TrainedNetwork() }
    static var shared: TrainedNetwork { get throws { try result.get() } }
}
