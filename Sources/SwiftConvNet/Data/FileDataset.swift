/// A dataset of arrays that stay in their files, for data larger than memory: NumPy's `mmap_mode` in Python.
///
/// ```swift
/// let data = try FileDataset(
///     FileArray(npy: "images.npy", scale: 1 / 255),  // [samples, height, width, channels]
///     Labels(npy: "labels.npy"))
/// try model.fit(data, batchSize: 64, epochs: 10)
/// ```
///
/// A shuffled epoch reads samples in random order, one `pread` for each field. On a disk that is slow at that, shuffle the
/// file once when it is written, and train with `shuffle: false`.
public struct FileDataset: Dataset {
    private enum Content: Sendable {
        case file(FileArray)
        case memory(Targets)
    }

    public let count: Int
    public let fields: [Field]
    public let hasTargetsInMemory: Bool
    /// How many batches are read on threads of their own before they are needed. The default is 2, which hides the disk; 0 saves
    /// their memory.
    public var readsAhead = 2
    private let contents: [Content]

    /// Samples in a file, with targets in memory (`Labels` or `Tensor`).
    ///
    /// - Throws: `ConvNetError` of kind `data` if there are not as many targets as samples, of kind `shape` if the targets
    ///   have no axis.
    public init(_ samples: FileArray, _ targets: some TargetArray) throws {
        try self.init(inputs: ["input": samples], targets: ["target": targets])
    }

    /// Samples in a file, with target values in a file, or without targets.
    ///
    /// - Throws: as `init(_:_:)`.
    public init(_ samples: FileArray, targets: FileArray? = nil) throws {
        if let targets {
            try self.init(inputs: ["input": samples], targetFiles: ["target": targets])
        } else {
            try self.init(inputs: ["input": samples])
        }
    }

    /// Named arrays, for a model with several inputs or outputs.
    ///
    /// - Parameters:
    ///   - inputs: what enters the model, by the names of its inputs; `[samples, …]` each.
    ///   - targets: targets in memory, by the names of outputs.
    ///   - targetFiles: target values in files, by the names of outputs.
    /// - Throws: `ConvNetError` of kind `argument` if there is no input or two fields have one name, of kind `data` if the
    ///   numbers of samples differ, of kind `shape` if targets have no axis.
    public init(
        inputs: KeyValuePairs<String, FileArray>,
        targets: KeyValuePairs<String, any TargetArray> = [:],
        targetFiles: KeyValuePairs<String, FileArray> = [:]
    ) throws {
        guard let first = inputs.first else {
            throw ConvNetError(.argument, "A dataset needs an input", at: "FileDataset")
        }
        var parts = inputs.map { (name: $0.key, role: Field.Role.input, content: Content.file($0.value)) }
        parts += targets.map { ($0.key, .target, .memory($0.value.targets)) }
        parts += targetFiles.map { ($0.key, .target, .file($0.value)) }
        count = first.value.count
        contents = parts.map(\.content)
        hasTargetsInMemory = targetFiles.isEmpty
        var fields: [Field] = []
        for part in parts {
            let field = try Self.field(part.name, part.role, part.content)
            guard !fields.contains(where: { $0.name == field.name && $0.role == field.role }) else {
                throw ConvNetError(
                    .argument,
                    "Two fields have one name",
                    at: "FileDataset",
                    received: "\"\(field.name)\""
                )
            }
            let partCount = Self.count(part.content)
            guard partCount == count else {
                throw ConvNetError(
                    .data,
                    "There must be as many of all fields",
                    at: "FileDataset, \(field.name)",
                    expected: "\(count)",
                    received: "\(partCount)"
                )
            }
            fields.append(field)
        }
        self.fields = fields
    }

    /// The types of the elements, and what becomes of them.
    public var identity: String? {
        let files = contents.map { content in
            if case .file(let array) = content { array.identity } else { "in memory" }
        }
        return "FileDataset(\(files.joined(separator: ", ")))"
    }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        for (field, content) in contents.enumerated() {
            switch content {
            case .file(let array):
                if let values = sample.values(of: field) { try array.read(index, into: values) }
            case .memory(.labels(let labels)):
                sample.label(of: field)?.pointee = labels.values[index]
            case .memory(.values(let tensor)):
                guard let values = sample.values(of: field) else { continue }
                let stride = values.count
                tensor.withUnsafeBufferPointer {
                    _ = values.update(fromContentsOf: $0[(index * stride)..<((index + 1) * stride)])
                }
            }
        }
    }

    private static func field(_ name: String, _ role: Field.Role, _ content: Content) throws -> Field {
        switch content {
        case .file(let array): return Field(name, role, shape: array.sampleShape)
        case .memory(.labels): return .label(name)
        case .memory(.values(let tensor)):
            guard tensor.shape.rank > 0 else {
                throw ConvNetError(
                    .shape,
                    "Targets need an axis that counts them",
                    at: "FileDataset, \(name)",
                    expected: "[samples, ...]",
                    received: "\(tensor.shape)"
                )
            }
            return Field(name, role, shape: Shape(Array(tensor.shape.dropFirst())))
        }
    }

    private static func count(_ content: Content) -> Int {
        switch content {
        case .file(let array): array.count
        case .memory(let targets): targets.count
        }
    }
}
