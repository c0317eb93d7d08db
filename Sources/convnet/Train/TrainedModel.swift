import ConvNetInterop
import Foundation
import SwiftConvNet

/// A model that is to be trained, with its data: from a description, an application's name, or a file.
struct TrainedModel {
    let model: Model
    let data: LabeledData
    /// Whether the model is as its file has it, so that training may go on as the file says.
    let isUnchanged: Bool

    /// - Throws: `ConvNetError` of kind `argument` if the source is neither a file nor a known name, with the list of names; as the readers
    ///   of files and data.
    init(_ source: String, classes: Int?, _ command: TrainCommand) throws {
        let compute = command.processor.compute, seed = command.training.seed
        guard FileManager.default.fileExists(atPath: source) else {
            guard let application = KnownApplication(named: source) else {
                throw ConvNetError(
                    .argument,
                    "There is neither a file nor a network of this name",
                    at: "the model",
                    expected: "a file, or one of \(KnownApplication.all.map(\.name).joined(separator: ", "))",
                    received: "\"\(source)\""
                )
            }
            let size = command.pixels.imageSize
            let own = size.map { [$0.height, $0.width, application.shape[2]] as Shape } ?? application.shape
            data = try command.data.load(for: command.data.known?.shape ?? own, command.pixels)
            let shape = data.training.fields.first { $0.role == .input }?.shape ?? own
            model = try application.make(shape, try classes ?? data.countedClasses(), seed, compute)
            isUnchanged = false
            return
        }
        let base = try Self.file(source, seed: seed, command)
        data = try command.data.load(for: base.inputShape, command.pixels)
        if let layer = command.freezeUntil { try base.freeze(until: layer) }
        model = try classes.map { try base.withNewHead(classes: $0, seed: seed, options: compute) } ?? base
        isUnchanged = classes == nil && command.freezeUntil == nil
        if classes != nil { model.classNames = data.classNames }
    }

    /// The model of a file: a description in JSON, with new weights, or one of any format.
    private static func file(_ path: String, seed: UInt64, _ command: TrainCommand) throws -> Model {
        let file = try FileBytes(path: path)
        let head = try file.read(0..<min(file.count, FileKind.prefixLength))
        guard FileKind(firstBytes: head) == .json else {
            return try command.options.load(path, command.processor).model
        }
        let text = String(decoding: try FileContents.read(path, limit: 1 << 28), as: UTF8.self)
        do {
            return try Model.fromJSON(
                text,
                seed: seed,
                options: command.processor.compute,
                customTypes: .onnx
            )
        } catch let error as ConvNetError {
            throw error.located(at: path)
        }
    }
}

extension LabeledData {
    /// The number of classes: of their names, or one more than the largest label.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if targets are no classes, or not in memory.
    fileprivate func countedClasses() throws -> Int {
        if let classNames { return classNames.count }
        if let largest = (training as? ArrayDataset)?.labels?.values.max(), largest >= 0 {
            return Int(largest) + 1
        }
        throw ConvNetError(
            .argument,
            "The data do not say how many classes there are",
            at: "--classes",
            expected: "--classes N"
        )
    }
}
