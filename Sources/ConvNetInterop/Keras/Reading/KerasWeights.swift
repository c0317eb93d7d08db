import SwiftConvNet

/// Takes over the arrays of a file into the parameters of a model.
struct KerasWeights {
    private var values: [String: Tensor] = [:]
    private(set) var report = WeightsReport()

    /// Notes what becomes of a parameter, and takes its array's values if they fit.
    ///
    /// - Parameter array: the path of the array in the file; `nil` if the file has none.
    mutating func take(_ entry: KerasParameters.Entry, from array: String?, of file: HDF5File) throws {
        let fate: WeightsReport.Fate
        if let array, let shape = file.datasets[array]?.shape {
            if shape == entry.shape {
                values[entry.name] = try file.tensor(array).reshaped(to: entry.spec.shape)
                fate = .loaded
            } else if shape.filter({ $0 != 1 }) == entry.spec.shape.filter({ $0 != 1 }) {
                values[entry.name] = try file.tensor(array).reshaped(to: entry.spec.shape)
                fate = .reshaped(from: shape)
            } else {
                fate = .shape(file: shape, model: entry.spec.shape)
            }
        } else {
            fate = .missing
        }
        report.entries.append(.init(array: array ?? entry.array, parameter: entry.name, fate: fate))
    }

    /// Notes an array that no parameter is for.
    mutating func pass(over array: String) {
        report.entries.append(.init(array: array, parameter: nil, fate: .unused))
    }

    /// Notes what differs from the file.
    mutating func note(_ texts: [String]) { report.notes += texts }

    /// Sets the parameters of the model.
    ///
    /// - Throws: `ConvNetError` of kind `format` if something does not fit and `skipsMismatches` is not set; then nothing is changed.
    func set(_ model: Model, path: String, skipsMismatches: Bool) throws {
        if !skipsMismatches { try report.requireMatch(of: path) }
        try model.setParameters(values)
    }
}

extension KerasWeights {
    /// The arrays of a file of Keras 3, in which layers have groups: `layers/dense/vars/0`.
    init(_ file: HDF5File, for parameters: KerasParameters) throws {
        for entry in parameters.entries where !entry.isCopy {
            try take(entry, from: file.datasets[entry.array] == nil ? nil : entry.array, of: file)
        }
        let known = Set(parameters.entries.map(\.array))
        for array in file.datasets.keys.sorted() where array.hasPrefix("layers/") && !known.contains(array) {
            // The states of random generators are no weights: here numbers come from the model's seed.
            if array.contains("seed_generator/") { continue }
            pass(over: array)
        }
    }
}
