import ConvNetImages
import Foundation
import SwiftConvNet

/// Picture files, and all pictures of folders, as the input of a model.
struct PictureInputs {
    let paths: [String]
    let dataset: PixelDataset

    /// Whether a path is that of pictures: a folder, or a file that does not end as NumPy's do.
    static func takes(_ path: NamedPath) -> Bool { path.isFolder || !["npy", "npz"].contains(path.ending) }

    /// - Throws: `ConvNetError` as `ImageFolder` throws it; of kind `argument` if the model has several inputs; of kind `environment`
    ///   for PNG and JPEG files without the trait `Images`.
    init(_ inputs: [String], for loaded: LoadedModel, _ pixels: PixelOptions) throws {
        let form = try PixelForm(try loaded.input(nil).shape, size: pixels.imageSize)
        let unchecked = ImageFolder.Options(check: .none)
        let paths = try inputs.flatMap { path in
            NamedPath(path: path).isFolder
                ? try ImageFolder(path, labels: .none, labelMode: nil, shuffle: false, options: unchecked)
                    .paths
                : [path]
        }
        let folder = FileManager.default.currentDirectoryPath
        // The list is CSV, in which a quote within quotes stands twice.
        let list = paths.map { path in
            let absolute = path.hasPrefix("/") ? path : "\(folder)/\(path)"
            return "\"\(absolute.replacing("\"", with: "\"\""))\"\n"
        }
        let file = NSTemporaryDirectory() + "convnet-\(UUID().uuidString).csv"
        try AtomicFile.write(list.joined(), to: file)
        defer { unlink(file) }
        self.paths = paths
        dataset = try PixelDataset(
            ImageFolder(
                list: file,
                labelMode: nil,
                colorMode: form.colorMode,
                imageSize: Size2D(form.height, form.width),
                shuffle: false
            ),
            scale: pixels.pixelScale,
            pixels,
            form
        )
    }
}
