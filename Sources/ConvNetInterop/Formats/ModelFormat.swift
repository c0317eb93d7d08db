import SwiftConvNet

/// A format of files that hold a model.
public enum ModelFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// This library's own, `.safetensors`: architecture, parameters, and the state of training.
    case swiftConvNet
    /// ONNX, `.onnx`.
    case onnx
    /// Keras 3, `.keras`. Needs the traits `HDF5` and `Zip`.
    case keras
    /// A whole model of Keras in one HDF5 file, `.h5` or `.hdf5`. Needs the trait `HDF5`.
    case kerasHDF5

    /// What the format is called, with its endings: fits after "one of".
    public var title: String { "\(name) (\(endings.map { "." + $0 }.joined(separator: ", ")))" }

    private var name: String {
        switch self {
        case .swiftConvNet: "SwiftConvNet"
        case .onnx: "ONNX"
        case .keras: "Keras 3"
        case .kerasHDF5: "Keras, HDF5"
        }
    }

    /// The endings of such files' names, in lower case and without the dot.
    public var endings: [String] {
        switch self {
        case .swiftConvNet: ["safetensors"]
        case .onnx: ["onnx"]
        case .keras: ["keras"]
        case .kerasHDF5: ["h5", "hdf5"]
        }
    }

    /// Whether `Model.save(to:includeOptimizer:)` writes it.
    public var isWritten: Bool { self != .kerasHDF5 }

    /// Fits after "Expected:".
    static func list(of formats: [Self]) -> String {
        "one of \(formats.map(\.title).joined(separator: ", "))"
    }

    /// The format whose files have names that end so; `nil` if there is none.
    ///
    /// - Parameter path: the path of a file, which need not be there. Case does not count.
    public init?(endingOf path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let ending = name[name.index(after: dot)...].lowercased()
        guard let format = Self.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
        self = format
    }

    /// The format of a file, by its content; by the ending of its name if the content does not tell.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read; of kind `format` if it is none of these, with the list of all.
    public init(ofFile path: String) throws {
        let file = try FileBytes(path: path)
        let head = try file.read(0..<min(file.count, FileKind.prefixLength))
        let kind = FileKind(firstBytes: head)
        switch kind {
        case .safetensors: self = .swiftConvNet
        case .onnx: self = .onnx
        case .keras: self = .keras
        case .hdf5: self = .kerasHDF5
        // Some writers begin otherwise; the reader of the format says what is wrong.
        case nil: self = try Self(endingOf: path) ?? { throw Self.unknown(nil, at: path) }()
        // An archive whose first file is another is read if its name says so.
        case .zip where Self(endingOf: path) == .keras: self = .keras
        case let kind: throw Self.unknown(kind, at: path)
        }
    }

    private static func unknown(_ kind: FileKind?, at path: String) -> ConvNetError {
        ConvNetError(
            .format,
            "The file is no model of a known format",
            at: path,
            expected: list(of: allCases),
            received: kind?.title ?? "bytes that no known format begins with",
            remedy: kind == .pyTorch
                ? """
                A PyTorch file has weights and no network. Load them into a model by loadPyTorchWeights(from:), or export the model \
                in Python by torch.onnx.export(model, inputs, "model.onnx")
                """
                : nil
        )
    }
}
