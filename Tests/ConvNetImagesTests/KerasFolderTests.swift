import ConvNetImages
import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// What Keras' `image_dataset_from_directory` does: `Tests/Goldens/images.py`.
@Suite("A folder as Keras reads it")
struct KerasFolderTests {
    @Test("NumPy's shuffle")
    func orders() throws {
        for golden in try ImageGoldens.all.get().orders {
            let order = NumPyShuffle.order(of: golden.count, seed: golden.seed)
            #expect(Array(order.prefix(20)) == golden.first, "seed \(golden.seed), \(golden.count)")
            let bytes = order.flatMap { value in
                withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) }
            }
            #expect(PNGFile.crc32(bytes) == golden.crc32)
        }
    }

    @Test("The same files in the same order, with the same classes, in each part")
    func listing() throws {
        let golden = try ImageGoldens.all.get().listed
        let folder = try TemporaryFolder()
        for name in golden.names {
            let parent = (folder.file(name) as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: folder.file(name)))
        }
        _ = try folder.makeFolder("empty")
        #expect(golden.cases.count >= 14)
        for golden in golden.cases {
            let settings = golden.settings
            let data = try ImageFolder(
                folder.path,
                labels: settings.hasNoLabels ? .none : .inferred,
                labelMode: settings.label_mode.map {
                    try #require(ImageFolder.LabelMode(rawValue: $0))
                } ?? .int,
                classNames: settings.class_names,
                shuffle: settings.shuffle ?? true,
                seed: settings.seed ?? 0,
                validationSplit: settings.validation_split,
                subset: settings.subset.flatMap(ImageFolder.Part.init(rawValue:)),
                options: .init(check: .none)
            )
            let paths = data.paths.map { String($0.dropFirst(folder.path.count + 1)) }
            #expect(paths == golden.paths, "\(settings)")
            #expect(data.classNames == golden.class_names)
            if let labels = golden.labels { #expect(data.labels?.values == labels) }
        }
    }

    @Test(
        "Pictures in another size, by every interpolation, cropped, padded or stretched",
        .enabled(if: Picture.readsPNGAndJPEG)
    )
    func sizes() throws {
        let goldens = try ImageGoldens.all.get().resized
        #expect(goldens.count >= 100)
        let folder = try TemporaryFolder()
        for golden in goldens {
            try golden.file.write(to: URL(fileURLWithPath: folder.file("a.png")))
            let data = try ImageFolder(
                folder.path,
                labels: .none,
                imageSize: Size2D(golden.size[0], golden.size[1]),
                interpolation: #require(Interpolation(rawValue: golden.interpolation)),
                cropToAspectRatio: golden.aspect == "crop",
                padToAspectRatio: golden.aspect == "pad"
            )
            let values = try Tensor(shape: data.fields[0].shape) { try data.readValues(0, of: 0, into: $0) }
            #expect(values.shape.dimensions == golden.pixels.shape)
            let difference = relativeDifference(values.elements, golden.pixels.values)
            #expect(difference <= 1e-5, "\(golden.name): \(difference)")
        }
    }
}
