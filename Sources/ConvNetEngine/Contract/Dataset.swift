/// What a dataset says about each sample besides the input.
public enum TargetKind: Hashable, Sendable {
    /// Nothing: the samples are only for prediction.
    case none
    /// An integer class.
    case labels
    /// Numbers of this shape, such as a one-hot class or the values of a regression.
    case values(Shape)
}

/// Random access to samples and their targets.
///
/// Samples are read while a batch is gathered, by several threads at once and in any order; so a dataset can
/// keep its samples in a compact form, or in a file, and make numbers of them here.
public protocol Dataset: Sendable {
    /// The number of samples.
    var count: Int { get }
    /// The shape of one sample, without a batch axis.
    var sampleShape: Shape { get }
    /// What `readLabel` or `readTarget` has for each sample.
    var targetKind: TargetKind { get }
    /// Whether labels and target values are in memory. `fit` then checks all of them before its first step; else each
    /// is checked when its batch is read. The default is no.
    var hasTargetsInMemory: Bool { get }

    /// Writes sample `index` (in `0..<count`) to `destination`, which has `sampleShape.elementCount` places.
    ///
    /// May ask a `Predictor`, on the thread that calls, but not the model that is reading the batch.
    func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws
    /// The class of sample `index`; called if `targetKind` is `.labels`.
    func readLabel(_ index: Int) throws -> Int32
    /// Writes the target of sample `index` to `destination`; called if `targetKind` is `.values`.
    func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws
}

extension Dataset {
    public var hasTargetsInMemory: Bool { false }

    public func readLabel(_ index: Int) throws -> Int32 {
        throw ConvNetError(
            .data, "The dataset has no labels", at: "sample \(index)", received: "\(targetKind)")
    }

    public func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        throw ConvNetError(
            .data, "The dataset has no target values", at: "sample \(index)", received: "\(targetKind)")
    }
}
