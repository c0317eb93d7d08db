import ConvNetDatasets
import SwiftConvNet
import TestSupport

/// Four small files in the form of MNIST's; a test changes what it wants to see refused.
struct SmallDataset {
    var files: [PublishedDataset.File: IDXFile] = [
        .trainImages: Self.images(20), .trainLabels: Self.labels(20),
        .testImages: Self.images(10), .testLabels: Self.labels(10),
    ]

    static func images(_ count: Int, height: Int = 28, width: Int = 28) -> IDXFile {
        IDXFile(
            elementType: .uint8,
            shape: [count, height, width],
            bytes: noise(count * height * width),
            name: ""
        )
    }

    static func labels(_ count: Int) -> IDXFile {
        IDXFile(
            elementType: .uint8,
            shape: [count],
            bytes: (0..<count).map { UInt8($0 % 10) },
            name: ""
        )
    }

    /// The digests of the files, as if they were published.
    var digests: [PublishedDataset.File: String] {
        files.mapValues { SHA256.hash($0.encoded).description }
    }

    /// Writes the files into a folder, all plain or all gzip.
    func write(into folder: String, gzip packed: Bool = false) throws {
        for (file, content) in files {
            let path = "\(folder)/\(file.rawValue)" + (packed ? ".gz" : "")
            try AtomicFile.write(packed ? gzip(content.encoded) : content.encoded, to: path)
        }
    }
}
