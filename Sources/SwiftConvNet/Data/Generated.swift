/// A dataset whose samples a closure makes: Keras' `PyDataset` in one line.
///
/// ```swift
/// let bars = try Generated(count: 10_000, sampleShape: [16, 16, 1]) { index, reading in
///     var random = RandomStream(seed: 7, purpose: .user, UInt32(index))
///     let isVertical = random.integer(below: 2) == 1, place = random.integer(below: 16)
///     let picture = try Tensor(shape: [16, 16, 1]) { $0[isVertical ? 1 : 0] == place ? 1 : 0 }
///     return (picture, isVertical ? 1 : 0)
/// }
/// ```
///
/// The closure is called by several threads at once and in any order, at each epoch anew. A sample must depend on nothing
/// but its index and the `Reading`: then results are the same on any number of threads, and a resumed run goes on as if
/// it had never stopped. `reading.random(index)` gives random numbers that differ between epochs.
public struct Generated: Dataset {
    public let count: Int
    public let fields: [Field]
    public let classNames: [String]?
    public let identity: String?
    private let write: @Sendable (Int, Reading, SampleWriter) throws -> Void

    /// Samples of any fields; the closure writes those that the `SampleWriter` asks for.
    ///
    /// - Parameters:
    ///   - count: the number of samples; at least 0.
    ///   - fields: the parts of each sample: at least one input.
    ///   - classNames: the names of the classes, if the target is one. Default: none.
    ///   - identity: what tells these samples from others of their number and shape; a checkpoint is not resumed with
    ///     another. Default: none.
    ///   - write: writes sample `index`, in `0..<count`.
    /// - Throws: `ConvNetError` of kind `argument` if the number is negative, or no field is an input.
    public init(
        count: Int,
        fields: [Field],
        classNames: [String]? = nil,
        identity: String? = nil,
        _ write: @escaping @Sendable (_ index: Int, _ reading: Reading, _ sample: SampleWriter) throws -> Void
    ) throws {
        guard count >= 0, fields.contains(where: { $0.role == .input }) else {
            throw ConvNetError(
                .argument,
                "A dataset needs a number of samples and an input",
                at: "Generated",
                expected: "a count of at least 0, and a field of role input",
                received: "\(count), \(fields.map(\.name))"
            )
        }
        for field in fields { _ = try field.shape.validated(as: "Generated, \(field.name)") }
        self.count = count
        self.fields = fields
        self.classNames = classNames
        self.identity = identity
        self.write = write
    }

    /// Samples of one input and a class.
    ///
    /// - Parameters:
    ///   - count: the number of samples; at least 0.
    ///   - sampleShape: the shape of one sample, without a batch axis.
    ///   - classNames: the names of the classes. Default: none.
    ///   - identity: as in `init(count:fields:classNames:identity:_:)`.
    ///   - sample: makes sample `index` and its class.
    /// - Throws: as `init(count:fields:classNames:identity:_:)`. A tensor of another shape is an error of kind `shape` when
    ///   it is read.
    public init(
        count: Int,
        sampleShape: Shape,
        classNames: [String]? = nil,
        identity: String? = nil,
        _ sample: @escaping @Sendable (_ index: Int, _ reading: Reading) throws -> (Tensor, Int)
    ) throws {
        let fields = [Field("input", .input, shape: sampleShape), .label("target")]
        try self.init(count: count, fields: fields, classNames: classNames, identity: identity) {
            index,
            reading,
            writer in
            let (values, label) = try sample(index, reading)
            try Self.copy(values, sampleShape, index, to: writer.values(of: 0))
            guard let place = writer.label(of: 1) else { return }
            guard let label = Int32(exactly: label) else {
                throw ConvNetError(
                    .data,
                    "A label does not fit 32 bits",
                    at: "sample \(index)",
                    received: "\(label)"
                )
            }
            place.pointee = label
        }
    }

    /// Samples of one input and target values.
    ///
    /// - Parameters:
    ///   - count: the number of samples; at least 0.
    ///   - sampleShape: the shape of one sample, without a batch axis.
    ///   - targetShape: the shape of one target.
    ///   - identity: as in `init(count:fields:classNames:identity:_:)`.
    ///   - sample: makes sample `index` and its target.
    /// - Throws: as `init(count:sampleShape:classNames:identity:_:)`.
    public init(
        count: Int,
        sampleShape: Shape,
        targetShape: Shape,
        identity: String? = nil,
        _ sample: @escaping @Sendable (_ index: Int, _ reading: Reading) throws -> (Tensor, Tensor)
    ) throws {
        let fields = [
            Field("input", .input, shape: sampleShape), Field("target", .target, shape: targetShape),
        ]
        try self.init(count: count, fields: fields, identity: identity) { index, reading, writer in
            let (values, target) = try sample(index, reading)
            try Self.copy(values, sampleShape, index, to: writer.values(of: 0))
            try Self.copy(target, targetShape, index, to: writer.values(of: 1))
        }
    }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        try write(index, reading, sample)
    }

    private static func copy(
        _ tensor: Tensor,
        _ shape: Shape,
        _ index: Int,
        to places: UnsafeMutableBufferPointer<Float>?
    ) throws {
        guard tensor.shape == shape else {
            throw ConvNetError(
                .shape,
                "A generated sample has another shape than the dataset",
                at: "Generated, sample \(index)",
                expected: "\(shape)",
                received: "\(tensor.shape)"
            )
        }
        guard let places else { return }
        tensor.withUnsafeBufferPointer { _ = places.update(fromContentsOf: $0) }
    }
}
