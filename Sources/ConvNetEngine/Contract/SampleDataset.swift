/// The easy form of a dataset: one input, and one target or none.
public protocol SampleDataset: Dataset {
    /// The shape of one sample, without a batch axis.
    var sampleShape: Shape { get }
    /// What `readLabel` or `readTarget` has for each sample.
    var targetKind: TargetKind { get }

    /// Writes sample `index` (in `0..<count`) to `destination`, which has `sampleShape.elementCount` places.
    ///
    /// May ask a `Predictor`, on the thread that calls, but not the model that is reading the batch.
    func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws
    /// The class of sample `index`; called if `targetKind` is `.labels`.
    func readLabel(_ index: Int) throws -> Int32
    /// Writes the target of sample `index` to `destination`; called if `targetKind` is `.values`.
    func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws
}

extension SampleDataset {
    /// `input`, and `target` if there is one.
    public var fields: [Field] {
        let input = Field("input", .input, shape: sampleShape)
        return switch targetKind {
        case .none: [input]
        case .labels: [input, .label("target")]
        case .values(let shape): [input, Field("target", .target, shape: shape)]
        }
    }

    /// Reads the sample, the label or the target, as it is asked for.
    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        if let values = sample.values(of: 0) { try readSample(index, into: values) }
        if let label = sample.label(of: 1) {
            label.pointee = try readLabel(index)
        } else if let values = sample.values(of: 1) {
            try readTarget(index, into: values)
        }
    }

    public func readLabel(_ index: Int) throws -> Int32 {
        throw ConvNetError(
            .data,
            "The dataset has no labels",
            at: "sample \(index)",
            received: "\(targetKind)"
        )
    }

    public func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        throw ConvNetError(
            .data,
            "The dataset has no target values",
            at: "sample \(index)",
            received: "\(targetKind)"
        )
    }
}
