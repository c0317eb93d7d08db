import SwiftConvNet

/// Takes over the arrays of a PyTorch file into the parameters of a model.
enum PyTorchWeights {
    /// What a batch normalisation counts, which changes nothing that it computes with a fixed momentum.
    private static let counter = "num_batches_tracked"

    /// The names of the arrays that count, in the order of the file.
    static func names(in file: PyTorchFile, _ options: PyTorchOptions) -> [String] {
        file.entries.map(\.name).filter { name in
            name.hasPrefix(options.prefix) && name.split(separator: ".").last.map(String.init) != counter
        }
    }

    /// Reads the arrays, and sets the parameters if they fit.
    ///
    /// - Throws: `ConvNetError` of kind `format` if something does not fit and the options do not pass over it; then nothing is changed.
    static func load(_ file: PyTorchFile, into model: Model, _ options: PyTorchOptions) throws
        -> WeightsReport
    {
        let parameters = try PyTorchParameters(model, options, for: file)
        var report = WeightsReport(), types = Set<String>()
        var fitting: [PyTorchParameters.Entry] = []
        for entry in parameters.entries {
            let fate = Self.fate(of: entry, in: file)
            switch fate {
            case .loaded, .reshaped: fitting.append(entry)
            default: break
            }
            report.entries.append(.init(array: entry.array, parameter: entry.name, fate: fate))
        }
        let known = Set(parameters.entries.map(\.array))
        for name in names(in: file, options) where !known.contains(name) {
            report.entries.append(.init(array: name, parameter: nil, fate: .unused))
        }
        report.notes = parameters.notes
        if !options.skipsMismatches {
            try report.requireMatch(of: file.path, remedy: fitting.isEmpty ? Self.remedy : nil)
        }
        // All is read before anything is changed; an array that several parameters share is read once for each.
        var values: [String: Tensor] = [:]
        for entry in fitting {
            values[entry.name] = try entry.place.values(
                of: file.tensor(named: entry.array),
                as: entry.spec.shape
            )
            if let type = file[entry.array]?.type, type != .float32 { types.insert(type.rawValue) }
        }
        if !types.isEmpty {
            report.notes.append("Elements of \(types.sorted().joined(separator: ", ")) became float32.")
        }
        try model.setParameters(values)
        return report
    }

    private static func fate(of entry: PyTorchParameters.Entry, in file: PyTorchFile) -> WeightsReport.Fate {
        guard let shape = file[entry.array]?.shape else { return .missing }
        let expected = entry.place.shape
        if shape == expected { return .loaded }
        return shape.filter { $0 != 1 } == expected.filter { $0 != 1 }
            ? .reshaped(from: shape) : .shape(file: shape, model: expected)
    }

    private static let remedy = """
        Nothing fits, so the names differ. A network of Applications takes torchvision's weights in torchvision's form: resNet18, \
        resNet34, squeezeNet, shuffleNetV2 and convNeXtTiny as they are, resNet50, resNet101, mobileNetV2, vgg16, vgg19 and \
        denseNet121 with variant: .torchvision, mobileNetV3Small and mobileNetV3Large with includePreprocessing: false and images whose \
        height and width are 1 more than a multiple of 32, such as [225, 225, 3]. The others are Keras', and differ in more than names. \
        For a model of your own, name the module of each layer in the options: modules
        """
}
