import CKernels

/// A dataset in memory: samples as `Tensor` or as bytes, with classes, values or nothing beside them.
///
/// ```swift
/// let data = try ArrayDataset(Tensor(shape: [100, 28, 28, 1], repeating: 0), Labels(labels))
/// ```
public struct ArrayDataset: SampleDataset {
    /// How the samples are kept.
    public enum Samples: Sendable {
        /// As numbers.
        case values(Tensor)
        /// As bytes, normalised while a batch is gathered.
        case bytes(ByteTensor)

        /// The sizes of the axes, the samples' axis first.
        public var shape: Shape {
            switch self {
            case .values(let tensor): tensor.shape
            case .bytes(let bytes): bytes.shape
            }
        }
    }

    /// The samples.
    public let samples: Samples
    /// The targets, if there are any.
    public let targets: Targets?
    public let count: Int
    public let sampleShape: Shape
    public let targetKind: TargetKind
    public var hasTargetsInMemory: Bool { true }
    /// The scale and the offset of bytes, if they are not the default ones.
    public var identity: String? {
        guard case .bytes(let bytes) = samples, bytes.scale != 1 / 255 || bytes.offset != 0 else {
            return nil
        }
        return "bytes * \(bytes.scale) + \(bytes.offset)"
    }
    /// The names of the classes, in the order of their numbers, if there are any; `fit` keeps them with a model that has none.
    public var classNames: [String]?

    /// A dataset of samples and targets, of which there must be equally many.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the samples have no axis; of kind `data` if the numbers differ.
    public init(_ samples: Samples, _ targets: Targets?) throws {
        guard let count = samples.shape.first else {
            throw ConvNetError(
                .shape,
                "Samples need an axis that counts them",
                at: "ArrayDataset",
                expected: "[samples, ...]",
                received: "\(samples.shape)"
            )
        }
        if let targets, targets.count != count {
            throw ConvNetError(
                .data,
                "There must be as many targets as samples",
                at: "ArrayDataset",
                expected: "\(count)",
                received: "\(targets.count)"
            )
        }
        self.samples = samples
        self.targets = targets
        self.count = count
        sampleShape = Shape(Array(samples.shape.dropFirst()))
        targetKind =
            switch targets {
            case nil: .none
            case .labels: .labels
            case .values(let tensor): .values(Shape(Array(tensor.shape.dropFirst())))
            }
    }

    /// A dataset of numbers with targets (`Labels` or `Tensor`).
    ///
    /// - Throws: as `init(_:_:)` with `Samples`.
    public init(_ samples: Tensor, _ targets: some TargetArray) throws {
        try self.init(.values(samples), targets.targets)
    }

    /// A dataset of bytes with targets (`Labels` or `Tensor`).
    ///
    /// - Throws: as `init(_:_:)` with `Samples`.
    public init(_ samples: ByteTensor, _ targets: some TargetArray) throws {
        try self.init(.bytes(samples), targets.targets)
    }

    /// All samples as numbers, `[samples, …]`; bytes are normalised into a new tensor at each call.
    public var images: Tensor {
        get throws {
            switch samples {
            case .values(let tensor): tensor
            case .bytes(let bytes): try bytes.tensor
            }
        }
    }

    /// The classes, if the targets are classes.
    public var labels: Labels? {
        if case .labels(let labels)? = targets { labels } else { nil }
    }

    public func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
        let stride = sampleShape.elementCount
        switch samples {
        case .values(let tensor):
            tensor.withUnsafeBufferPointer {
                _ = destination.update(fromContentsOf: $0[(index * stride)..<((index + 1) * stride)])
            }
        case .bytes(let pixels):
            pixels.bytes.withUnsafeBufferPointer { bytes in
                guard let source = bytes.baseAddress, let target = destination.baseAddress else { return }
                ck_normalize_u8(source + index * stride, target, stride, pixels.scale, pixels.offset)
            }
        }
    }

    public func readLabel(_ index: Int) throws -> Int32 {
        guard case .labels(let labels)? = targets else {
            throw ConvNetError(.data, "The dataset has no labels", at: "sample \(index)")
        }
        return labels.values[index]
    }

    public func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        guard case .values(let tensor)? = targets else {
            throw ConvNetError(.data, "The dataset has no target values", at: "sample \(index)")
        }
        let stride = destination.count
        tensor.withUnsafeBufferPointer {
            _ = destination.update(fromContentsOf: $0[(index * stride)..<((index + 1) * stride)])
        }
    }
}
