/// A dataset in memory for a model with several inputs or outputs: tensors by the names of inputs, and targets by the names of
/// outputs.
///
/// ```swift
/// let data = try TensorDataset(
///     inputs: ["left": images, "right": others],  // [samples, …] each
///     targets: ["same": Labels([1, 0, 1])])
/// ```
public struct TensorDataset: Dataset {
    public let count: Int
    public let fields: [Field]
    public var hasTargetsInMemory: Bool { true }
    /// The content of each field.
    let contents: [Targets]

    /// A dataset of named tensors; each has an axis that counts the samples, of the same size.
    ///
    /// - Parameters:
    ///   - inputs: what enters the model, `[samples, …]`.
    ///   - targets: `Labels`, or `Tensor`s `[samples, …]`.
    ///   - weight: how much each sample counts in the loss; by default 1.
    /// - Throws: `ConvNetError` of kind `data` if the numbers of samples differ, of kind `argument` if there is no input or two
    ///   have one name, of kind `shape` if a tensor has no axis.
    public init(
        inputs: KeyValuePairs<String, Tensor>,
        targets: KeyValuePairs<String, any TargetArray> = [:],
        weight: [Float]? = nil
    ) throws {
        var parts = inputs.map { (name: $0.key, role: Field.Role.input, content: Targets.values($0.value)) }
        parts += targets.map { ($0.key, .target, $0.value.targets) }
        if let weight {
            parts.append(("weight", .weight, .values(try Tensor(weight, shape: [weight.count]))))
        }
        try self.init(parts)
    }

    /// A dataset of inputs alone.
    package init(named inputs: [(name: String, tensor: Tensor)]) throws {
        try self.init(inputs.map { ($0.name, .input, .values($0.tensor)) })
    }

    init(_ parts: [(name: String, role: Field.Role, content: Targets)]) throws {
        guard let first = parts.first, first.role == .input else {
            throw ConvNetError(.argument, "A dataset needs an input", at: "TensorDataset")
        }
        fields = try parts.map { part in
            guard parts.count(where: { $0.name == part.name && $0.role == part.role }) == 1 else {
                throw ConvNetError(
                    .argument,
                    "Two fields have one name",
                    at: "TensorDataset",
                    received: "\"\(part.name)\""
                )
            }
            switch part.content {
            case .labels: return .label(part.name)
            case .values(let tensor):
                guard tensor.shape.rank > 0 else {
                    throw ConvNetError(
                        .shape,
                        "Samples need an axis that counts them",
                        at: "TensorDataset, \(part.name)",
                        expected: "[samples, ...]",
                        received: "\(tensor.shape)"
                    )
                }
                return Field(part.name, part.role, shape: Shape(Array(tensor.shape.dropFirst())))
            }
        }
        contents = parts.map(\.content)
        count = first.content.count
        for part in parts where part.content.count != count {
            throw ConvNetError(
                .data,
                "There must be as many of all fields",
                at: "TensorDataset, \(part.name)",
                expected: "\(count)",
                received: "\(part.content.count)"
            )
        }
    }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        for (field, content) in contents.enumerated() {
            switch content {
            case .labels(let labels): sample.label(of: field)?.pointee = labels.values[index]
            case .values(let tensor):
                guard let values = sample.values(of: field) else { continue }
                let stride = values.count
                tensor.withUnsafeBufferPointer {
                    _ = values.update(fromContentsOf: $0[(index * stride)..<((index + 1) * stride)])
                }
            }
        }
    }

    /// The content of a field, `[samples, …]`; `nil` if there is none of that name and role.
    public func content(of name: String, _ role: Field.Role) -> Targets? {
        fields.firstIndex { $0.name == name && $0.role == role }.map { contents[$0] }
    }
}
