/// What `loadWeights(from:skipMismatch:)` has loaded from a file, and what it has passed over and why.
///
/// ```swift
/// let loaded = try model.loadWeights(from: "base.safetensors", skipMismatch: true)
/// print(loaded)
/// // 2 of 4 parameters loaded from base.safetensors.
/// // Passed over: dense/bias (the file lacks it)
/// // Passed over: dense/kernel ([64, 10] in the file, [64, 3] in the model)
/// ```
public struct LoadedWeights: Sendable, Hashable {
    /// Why an array of the file, or a parameter of the model, was passed over.
    public enum Reason: Sendable, Hashable {
        /// The model has the parameter, the file has no array of its name. The parameter keeps its values.
        case missingInFile
        /// The file has the array, the model has no parameter of its name.
        case missingInModel
        /// Both have it, in other shapes. The parameter keeps its values.
        case shape(file: Shape, model: Shape)
        /// Both have it, but the file's elements are not `float32`. The parameter keeps its values.
        case elementType(SafeTensors.ElementType)
    }

    /// A name that was passed over.
    public struct Skipped: Sendable, Hashable {
        /// The parameter's or the array's name, such as `dense/kernel`.
        public let name: String
        /// Why.
        public let reason: Reason
    }

    /// The file.
    public let path: String
    /// The names of the parameters that were loaded, in the order of the model's layers.
    public let names: [String]
    /// What was passed over: first parameters of the model, in its order, then arrays of the file that the model has
    /// no parameter for. An optimizer's state in a model's file is not listed.
    public let skipped: [Skipped]

    /// Compares the parameters of a model with the arrays of a file.
    ///
    /// - Parameter prefix: what the names of arrays begin with that are no parameters.
    init(_ parameters: [(name: String, shape: Shape)], from file: SafeTensors, passingOver prefix: String) {
        path = file.path
        var names: [String] = []
        var skipped: [Skipped] = []
        for (name, shape) in parameters {
            if let reason = Self.reason(against: file[name], shape) {
                skipped.append(Skipped(name: name, reason: reason))
            } else {
                names.append(name)
            }
        }
        let known = Set(parameters.map(\.name))
        skipped += file.entries.map(\.name).filter { !known.contains($0) && !$0.hasPrefix(prefix) }.sorted()
            .map { Skipped(name: $0, reason: .missingInModel) }
        self.names = names
        self.skipped = skipped
    }

    private static func reason(against entry: SafeTensors.Entry?, _ shape: Shape) -> Reason? {
        guard let entry else { return .missingInFile }
        if entry.shape != shape { return .shape(file: entry.shape, model: shape) }
        return entry.type == .float32 ? nil : .elementType(entry.type)
    }
}

extension LoadedWeights {
    /// How many parameters the model has.
    private var parameterCount: Int {
        names.count + skipped.count { $0.reason != .missingInModel }
    }

    /// - Throws: `ConvNetError` of kind `format` if the model has parameters and none of them is in the file.
    func requireSome() throws {
        guard names.isEmpty, parameterCount > 0 else { return }
        func list(_ inFile: Bool) -> String {
            SafeTensors.list(skipped.filter { ($0.reason == .missingInModel) == inFile }.map(\.name))
        }
        let misfits = skipped.filter { $0.reason != .missingInModel && $0.reason != .missingInFile }
        throw ConvNetError(
            .format,
            "No array of the file fits a parameter of the model",
            at: path,
            expected: "some of \(list(false))",
            received: misfits.isEmpty
                ? list(true) : misfits.prefix(4).map(\.description).joined(separator: ", "),
            remedy: "Give layers the names that they have in the file (name:), or load another file"
        )
    }
}

extension LoadedWeights: CustomStringConvertible {
    /// How many parameters were loaded, and a line for each name that was passed over.
    public var description: String {
        let head = "\(names.count) of \(parameterCount) parameters loaded from \(path)."
        return ([head] + skipped.map { "Passed over: \($0)" }).joined(separator: "\n")
    }
}

extension LoadedWeights.Skipped: CustomStringConvertible {
    /// The name, and why it was passed over: `dense/bias (the file lacks it)`.
    public var description: String {
        switch reason {
        case .missingInFile: "\(name) (the file lacks it)"
        case .missingInModel: "\(name) (the model has no such parameter)"
        case .shape(let file, let model): "\(name) (\(file) in the file, \(model) in the model)"
        case .elementType(let type): "\(name) (\(type.rawValue) in the file, F32 in the model)"
        }
    }
}
