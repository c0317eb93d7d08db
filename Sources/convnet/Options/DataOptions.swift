import ArgumentParser
import ConvNetImages
import ConvNetInterop
import Foundation
import SwiftConvNet

/// Options that say which samples, and with which targets.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A folder with a folder of pictures for each class; an archive (.npz) with x and y, or x_train, y_train, x_test and y_test; \
            an array of samples (.npy) beside --targets; or one of \(KnownDataset.allCases.map(\.rawValue).joined(separator: ", ")).
            """,
            valueName: "data"
        ),
        completion: .file()
    )
    var data: String

    @Option(help: ArgumentHelp("The targets of an array (.npy).", valueName: "file"), completion: .file())
    var targets: String?

    @Option(
        help: ArgumentHelp(
            "Where the files of a known dataset are. (default: SWIFTCONVNET_DATA, the cache, a download)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var dataFolder: String?

    /// The dataset that `--data` names; `nil` if it is a path.
    var known: KnownDataset? {
        FileManager.default.fileExists(atPath: data) ? nil : KnownDataset(rawValue: data.lowercased())
    }

    /// Loads the data for a model whose samples have a shape.
    ///
    /// - Parameter classNames: the folders that are classes, in the order of their numbers; all of them unless given.
    /// - Throws: `ConvNetError` of kind `file` if there is nothing at the path; as the reader of the data.
    func load(for shape: Shape, _ pixels: PixelOptions, classNames: [String]? = nil) throws -> LabeledData {
        if let known { return try load(known, for: shape, pixels) }
        let path = NamedPath(path: data)
        if path.isFolder { return try loadFolder(for: shape, pixels, classNames) }
        switch path.ending {
        case "npz": return try ArchivedData(contentsOf: data, scale: pixels.scale).labeled
        case "npy": return try loadArrays(pixels)
        default:
            throw ConvNetError(
                .file,
                "There are no such data",
                at: "--data",
                expected:
                    "a folder, a .npz or .npy file, or one of \(KnownDataset.allCases.map(\.rawValue).joined(separator: ", "))",
                received: "\"\(data)\""
            )
        }
    }

    private func load(_ known: KnownDataset, for shape: Shape, _ pixels: PixelOptions) throws -> LabeledData {
        let loaded = try known.load(from: dataFolder)
        // A dense network takes the pixels in one row.
        let isRow = shape.rank == 1 && shape.elementCount == known.shape.elementCount
        let form = try PixelForm(isRow ? known.shape : shape)
        func part(_ data: ArrayDataset) throws -> any Dataset {
            guard case .bytes(var bytes) = data.samples else { return data }
            bytes.scale = 1
            bytes.offset = 0
            var raw = try ArrayDataset(.bytes(bytes), data.targets)
            raw.classNames = loaded.classNames
            return try PixelDataset(raw, scale: pixels.pixelScale, pixels, form, isRow: isRow)
        }
        return LabeledData(
            name: loaded.name,
            training: try part(loaded.train),
            test: try part(loaded.test),
            classNames: loaded.classNames
        )
    }

    private func loadFolder(for shape: Shape, _ pixels: PixelOptions, _ classNames: [String]?) throws
        -> LabeledData
    {
        let form = try PixelForm(shape, size: pixels.imageSize)
        let folder = try ImageFolder(
            data,
            classNames: classNames,
            colorMode: form.colorMode,
            imageSize: Size2D(form.height, form.width)
        )
        return LabeledData(
            name: data,
            training: try PixelDataset(folder, scale: pixels.pixelScale, pixels, form),
            test: nil,
            classNames: folder.classNames
        )
    }

    private func loadArrays(_ pixels: PixelOptions) throws -> LabeledData {
        guard let targets else {
            throw ConvNetError(
                .argument,
                "Samples need targets",
                at: "--data",
                expected: "--targets FILE.npy beside --data \(data)"
            )
        }
        let file = try NumPyFile(contentsOf: targets)
        let samples = try FileArray(npy: data, scale: pixels.scale ?? 1)
        switch try TargetValues(file) {
        case .classes(let labels):
            let dataset = try FileDataset(samples, labels)
            return LabeledData(name: data, training: dataset, test: nil, classNames: nil, labels: labels)
        case .values(let tensor):
            let dataset = try FileDataset(samples, tensor)
            return LabeledData(name: data, training: dataset, test: nil, classNames: nil)
        }
    }
}
