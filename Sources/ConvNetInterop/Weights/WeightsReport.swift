import SwiftConvNet

/// What has become of each array of a file of Keras or PyTorch, and of each parameter of the model.
///
/// ```swift
/// let file = try KerasFile(contentsOf: "model.keras")
/// print(file.report)  // 12 of 12 parameters loaded.
/// ```
public struct WeightsReport: Sendable, Hashable {
    /// What has happened to an array or a parameter.
    public enum Fate: Sendable, Hashable {
        /// The parameter has the array's values.
        case loaded
        /// The parameter has the array's values, whose shape differs by axes of size 1.
        case reshaped(from: Shape)
        /// The file lacks the parameter, which keeps its values.
        case missing
        /// The array has another shape than the parameter, which keeps its values.
        case shape(file: Shape, model: Shape)
        /// The model has no parameter for the array.
        case unused
    }

    /// An array of the file, and the parameter that it belongs to.
    public struct Entry: Sendable, Hashable {
        /// The array's name in the file: `layers/dense/vars/0` in Keras', `fc.weight` in PyTorch's.
        public let array: String
        /// The parameter's name: `dense/kernel`; `nil` if the model has none.
        public let parameter: String?
        /// What has become of it.
        public let fate: Fate
    }

    /// One entry for each parameter, in the order of the layers, and for each array that was not used.
    public internal(set) var entries: [Entry] = []
    /// What else differs from the file: number types that were widened, state that was not taken over.
    public internal(set) var notes: [String] = []

    /// The number of parameters that were loaded.
    public var loadedCount: Int {
        entries.count { entry in
            switch entry.fate {
            case .loaded, .reshaped: true
            default: false
            }
        }
    }

    /// The entries that are not loaded.
    public var mismatches: [Entry] {
        entries.filter { entry in
            switch entry.fate {
            case .loaded, .reshaped: false
            default: true
            }
        }
    }

    /// - Parameter remedy: what to do, if that is not to pass over what does not fit.
    /// - Throws: `ConvNetError` of kind `format` that lists all mismatches, if there are any.
    func requireMatch(of path: String, remedy: String? = nil) throws {
        guard !mismatches.isEmpty else { return }
        throw ConvNetError(
            .format,
            "The file's arrays are not those of the model: \(mismatches.map(\.description).joined(separator: "; "))",
            at: path,
            expected: "an array for each parameter, of its shape, and no others",
            remedy: remedy ?? "To take over what fits, set skipsMismatches in the options"
        )
    }
}

extension WeightsReport.Entry: CustomStringConvertible {
    /// The array, the parameter, and what has become of them.
    public var description: String {
        let name = parameter.map { "\($0) (\(array))" } ?? array
        return switch fate {
        case .loaded: "\(name) loaded"
        case .reshaped(let shape): "\(name) loaded, reshaped from \(shape)"
        case .missing: "\(name) is missing in the file"
        case .shape(let file, let model): "\(name) has the shape \(file) in the file, \(model) in the model"
        case .unused: "\(name) is not used"
        }
    }
}

extension WeightsReport: CustomStringConvertible {
    /// How many parameters were loaded, and a line for each mismatch and note.
    public var description: String {
        let count = entries.count { $0.parameter != nil }
        return (["\(loadedCount) of \(count) parameters loaded."] + mismatches.map(\.description) + notes)
            .joined(separator: "\n")
    }
}
