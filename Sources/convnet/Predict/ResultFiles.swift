import ConvNetInterop
import Foundation
import SwiftConvNet

/// The files that predictions go to. Each is whole when it gets its name; predictions are written as they come and are never all in
/// memory.
struct ResultFiles {
    private struct Target {
        let port: LoadedModel.Port
        let path: String
    }

    /// `.npy` files, of which those of an archive are temporary.
    private let targets: [Target]
    /// The archive, if all outputs go into one.
    private let archive: String?
    private let emptyOutputs: [String: Shape]

    /// - Parameters:
    ///   - paths: `NAME=FILE.npy` for some outputs, one `FILE.npy` for the only one, or one `FILE.npz` for all.
    ///   - loaded: the model.
    /// - Throws: `ConvNetError` of kind `argument` for other paths or unknown outputs.
    init(_ paths: [NamedPath], for loaded: LoadedModel) throws {
        if let odd = paths.first(where: { !["npy", "npz"].contains($0.ending) }) {
            throw ConvNetError(
                .argument,
                "Predictions are written as NumPy arrays",
                at: "--output",
                expected: "a path that ends in .npy or .npz",
                received: "\"\(odd.path)\""
            )
        }
        if let place = paths.indices.first(where: { place in
            paths[..<place].contains { $0.path == paths[place].path }
        }) {
            throw ConvNetError(
                .argument,
                "Two outputs are to be one file",
                at: "--output",
                received: "\"\(paths[place].path)\" twice"
            )
        }
        if let path = paths.first(where: { $0.ending == "npz" }) {
            guard paths.count == 1, path.name == nil else {
                throw ConvNetError(
                    .argument,
                    "An archive takes all outputs",
                    at: "--output",
                    expected: "one .npz file without a name, or .npy files"
                )
            }
            archive = path.path
            let process = ProcessInfo.processInfo.processIdentifier
            targets = loaded.outputs.enumerated().map {
                Target(port: $1, path: "\(path.path).\(process)-\($0).npy")
            }
            emptyOutputs = loaded.emptyOutputs
        } else {
            archive = nil
            var empty: [String: Shape] = [:]
            targets = try paths.compactMap { path in
                if let name = path.name, let shape = loaded.emptyOutputs[name] {
                    empty[path.path] = shape
                    return nil
                }
                return Target(port: try loaded.output(path.name), path: path.path)
            }
            emptyOutputs = empty
        }
    }

    /// Writes what `predict` hands over.
    ///
    /// - Parameter predict: receives what writes the predictions of a batch, by the names of the model's outputs.
    /// - Throws: `ConvNetError` of kind `file` if a file cannot be written; what `predict` throws. Then no file has changed.
    func write(count: Int, _ predict: ((_ batch: [String: Tensor]) throws -> Void) throws -> Void) throws {
        defer { if archive != nil { for target in targets { unlink(target.path) } } }
        try open(targets[...], [], count: count) { streams in
            try predict { batch in
                for (target, stream) in zip(targets, streams) {
                    if let tensor = batch[target.port.layer] { try stream.append(tensor) }
                }
            }
            // Of no samples there is an array, too.
            for (target, stream) in zip(targets, streams) { try stream.begin(target.port.shape) }
        }
        guard let archive else {
            for (path, shape) in emptyOutputs { try Tensor(zeros: shape).saveNPY(to: path) }
            return
        }
        // Names in an archive are no absolute paths, as names in ONNX files may be.
        var files = targets.map { (name: String($0.port.name.drop { $0 == "/" }), path: $0.path) }
        defer { for file in files { unlink(file.path) } }
        for (place, output) in emptyOutputs.sorted(by: { $0.key < $1.key }).enumerated() {
            let path = "\(archive).empty-\(place).npy"
            files.append((String(output.key.drop { $0 == "/" }), path))
            try Tensor(zeros: output.value).saveNPY(to: path)
        }
        try NumPyArchive.save(files: files, to: archive)
    }

    /// Calls `body` with all files open; they get their names when it has returned.
    private func open(
        _ rest: ArraySlice<Target>,
        _ streams: [NPYStream],
        count: Int,
        _ body: ([NPYStream]) throws -> Void
    ) throws {
        guard let target = rest.first else { return try body(streams) }
        try AtomicFile.write(to: target.path) { file in
            let stream = NPYStream(file, count: count, hasBatchAxis: target.port.hasBatchAxis)
            try open(rest.dropFirst(), streams + [stream], count: count, body)
        }
    }
}
