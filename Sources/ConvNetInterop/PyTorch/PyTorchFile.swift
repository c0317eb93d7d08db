import SwiftConvNet

/// The arrays of a PyTorch model, a `state_dict`, opened for reading: a safetensors file, or what `torch.save` writes (`.pt`, `.pth`).
///
/// ```swift
/// let file = try PyTorchFile(contentsOf: "resnet18.safetensors")
/// for entry in file.entries { print(entry.name, entry.type, entry.shape) }  // conv1.weight F32 [64, 3, 7, 7]
/// let kernel = try file.tensor(named: "conv1.weight")
/// ```
///
/// The content says which it is. A `.pt` file is a pickle, a program for Python: it is read as data, and nothing in it is run. It may
/// hold dictionaries, lists, numbers, texts and tensors; any other object is an error that names it and says how to convert the file.
/// Files of `torch.save` before version 1.6, and programs of TorchScript, are refused. Limits: a pickle of 16 MiB that makes 2¹⁹ values,
/// tensors of 64 axes. `.pt` needs the trait `Zip`.
public struct PyTorchFile: Sendable {
    /// An array.
    public struct Entry: Sendable, Hashable {
        /// The name, different from every other in the file: `layer1.0.conv1.weight`.
        public let name: String
        /// What its elements are in the file.
        public let type: SafeTensors.ElementType
        /// The sizes of its axes in PyTorch's order.
        public let shape: Shape
    }

    private enum Source: Sendable {
        case safetensors(SafeTensors)
        case archive(PyTorchArchive)
    }

    /// What errors call the file: its path.
    public let path: String
    /// The arrays, in the order of the file: that of the modules in a `.pt` file, an alphabetical one in most others.
    public let entries: [Entry]
    private let source: Source
    private let places: [String: Int]

    /// How a file that cannot be read becomes one that can.
    static let conversion = """
        Convert it in Python, where you trust it: safetensors.torch.save_file({k: v.contiguous() for k, v in \
        model.state_dict().items()}, "weights.safetensors"), or torch.save(model.state_dict(), "weights.pt")
        """

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - dictionary: the key under which a checkpoint has its `state_dict`, such as `"model"`; `nil` if the file is one itself.
    ///   - limits: what a `.pt` archive may claim.
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read, of kind `format` if it is no such file, is damaged, or holds
    ///   something besides tensors; of kind `environment` for a `.pt` file without the trait `Zip`.
    public init(contentsOf path: String, dictionary: String? = nil, limits: ZipLimits = ZipLimits()) throws {
        let file = try FileBytes(path: path)
        let head = try file.read(0..<min(file.count, FileKind.prefixLength))
        if try Self.isArchive(head, at: path) {
            let archive = try ZipArchive(contentsOf: path, limits: limits)
            try self.init(PyTorchArchive(archive, dictionary: dictionary), path: path)
        } else {
            try self.init(SafeTensors(contentsOf: path))
        }
    }

    /// A file that is in memory already.
    ///
    /// - Parameters:
    ///   - bytes: the whole content.
    ///   - path: what errors call it.
    ///   - dictionary: the key of the `state_dict`; `nil` if the file is one itself.
    ///   - limits: what a `.pt` archive may claim.
    /// - Throws: as `init(contentsOf:dictionary:limits:)`.
    public init(
        bytes: [UInt8],
        path: String = "pytorch",
        dictionary: String? = nil,
        limits: ZipLimits = ZipLimits()
    ) throws {
        if try Self.isArchive(bytes.prefix(FileKind.prefixLength), at: path) {
            let archive = try ZipArchive(bytes: bytes, path: path, limits: limits)
            try self.init(PyTorchArchive(archive, dictionary: dictionary), path: path)
        } else {
            try self.init(SafeTensors(bytes: bytes, path: path))
        }
    }

    /// Whether a file is a ZIP archive, rather than safetensors.
    private static func isArchive(_ head: some Collection<UInt8>, at path: String) throws -> Bool {
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return true }
        switch FileKind(firstBytes: head) {
        case .pyTorch, .pickle, .tar:
            throw ConvNetError(
                .format,
                "The file is of the form that torch.save had before version 1.6, or a pickle of another program",
                at: path,
                expected: "a safetensors file, or a .pt file of PyTorch 1.6 or newer",
                remedy: """
                    Write it again in Python, where you trust it: torch.save(torch.load("old.pt", weights_only=True), \
                    "weights.pt")
                    """
            )
        default: return false
        }
    }

    private init(_ archive: PyTorchArchive, path: String) {
        self.path = path
        source = .archive(archive)
        entries = archive.entries.map {
            Entry(name: $0.name, type: $0.tensor.storage.type, shape: $0.tensor.shape)
        }
        places = Self.places(of: entries)
    }

    private init(_ file: SafeTensors) {
        path = file.path
        source = .safetensors(file)
        entries = file.entries.map { Entry(name: $0.name, type: $0.type, shape: $0.shape) }
        places = Self.places(of: entries)
    }

    private static func places(of entries: [Entry]) -> [String: Int] {
        Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the order of the arrays is that of the modules.
    var isInOrder: Bool {
        if case .archive = source { true } else { false }
    }

    /// The array of a name; `nil` if there is none.
    public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

    /// The array of a name in PyTorch's order of axes, as `Float`: other floating-point numbers, whole numbers and truth values (0, 1)
    /// are converted, to the nearest.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none, of kind `format` if its elements are of a smaller type than 8 bits,
    ///   of 8-bit floating-point or complex numbers, or are damaged; of kind `environment` if there is not enough memory.
    public func tensor(named name: String) throws -> Tensor {
        guard let place = places[name] else {
            throw ConvNetError(
                .argument,
                "The file has no array of this name",
                at: path,
                expected: SafeTensors.list(entries.map(\.name)),
                received: "\"\(name)\""
            )
        }
        let entry = entries[place]
        guard PyTorchElements.supports(entry.type) else {
            throw ConvNetError(
                .format,
                "Elements of this type cannot be read",
                at: "\(path), \(name)",
                expected: "floating-point numbers of 16 bits at least, whole numbers or truth values",
                received: entry.type.rawValue,
                remedy: "Convert the array in Python: tensor.float()"
            )
        }
        switch source {
        case .archive(let archive): return try archive.tensor(archive.entries[place].tensor)
        case .safetensors(let file):
            if entry.type == .float32 { return try file.tensor(named: name) }
            let bytes = try file.bytes(named: name)
            return try Tensor(shape: entry.shape) { destination in
                bytes.withUnsafeBytes { PyTorchElements.copy(entry.type, $0, into: destination) }
            }
        }
    }
}
