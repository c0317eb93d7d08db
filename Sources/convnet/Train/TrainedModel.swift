import ConvNetInterop
import Foundation
import SwiftConvNet

/// A model that is to be trained, with its data: from a description, an application's name, or a file.
struct TrainedModel {
    let model: Model
    let data: LabeledData
    /// Whether the model is as its file has it, so that training may go on as the file says.
    let isUnchanged: Bool
    /// What differs from the files of model and weights.
    let notes: [String]

    /// - Throws: `ConvNetError` of kind `argument` if the source is neither a file nor a known name, with the list of names; as the readers
    ///   of files and data.
    init(_ source: String, classes: Int?, _ command: TrainCommand) throws {
        let pixels = command.pixels, compute = command.processor.compute, seed = command.training.seed
        if !NamedPath(path: source).isFile, command.options.weights == nil,
            let application = KnownApplication(named: source)
        {
            try command.options.requireSizes(for: [source])
            let own = Self.shape(of: application, command)
            data = try command.data.load(for: own, pixels)
            var shape = data.training.fields.first { $0.role == .input }?.shape ?? own
            // Grey pictures of Keras' datasets have no axis of channels.
            if shape.rank == 2 { shape = Shape(shape.dimensions + [1]) }
            model = try application.make(shape, try classes ?? data.countedClasses(), .keras, seed, compute)
            isUnchanged = false
            notes = []
            return
        }
        let shape = KnownApplication(named: source).map { Self.shape(of: $0, command) }
        let loaded = try command.options.load(source, command.processor, shape: shape, seed: seed)
        let base = loaded.model
        notes = loaded.notes
        // Classes keep the numbers that the model has learned.
        data = try command.data.load(
            for: base.inputShape,
            pixels,
            classNames: classes == nil ? base.classNames : nil
        )
        if let layer = command.freezeUntil { try base.freeze(until: layer) }
        model = try classes.map { try base.withNewHead(classes: $0, seed: seed, options: compute) } ?? base
        isUnchanged = classes == nil && command.freezeUntil == nil
        if classes != nil { model.classNames = data.classNames }
    }

    /// The shape of an application's samples: as the data or the options say, or its own.
    private static func shape(of application: KnownApplication, _ command: TrainCommand) -> Shape {
        if let known = command.data.known { return known.shape }
        return command.pixels.imageSize.map { [$0.height, $0.width, application.shape[2]] }
            ?? application.shape
    }
}

extension LabeledData {
    /// The number of classes: of their names, or one more than the largest label.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if targets are no classes.
    fileprivate func countedClasses() throws -> Int {
        if let classNames { return classNames.count }
        if let largest = labels?.values.max(), largest >= 0 { return Int(largest) + 1 }
        throw ConvNetError(
            .argument,
            "The data do not say how many classes there are",
            at: "--classes",
            expected: "--classes N"
        )
    }
}
