/// What predictions are compared with: classes, or numbers.
public enum Targets: Sendable {
    /// One integer class per sample.
    case labels(Labels)
    /// Numbers; the first axis counts samples.
    case values(Tensor)

    /// The number of samples.
    public var count: Int {
        switch self {
        case .labels(let labels): labels.count
        case .values(let tensor): tensor.shape.first ?? 0
        }
    }
}

/// An array that can serve as targets: `Labels` and `Tensor`.
public protocol TargetArray {
    /// The array as targets.
    var targets: Targets { get }
}

extension Labels: TargetArray {
    public var targets: Targets { .labels(self) }
}

extension Tensor: TargetArray {
    public var targets: Targets { .values(self) }
}

extension Targets {
    /// The class of a sample, as class weights need it.
    func label(of sample: Int) -> Int? {
        switch self {
        case .labels(let labels): return Int(labels.values[sample])
        case .values(let tensor):
            let count = tensor.shape.elementCount / max(self.count, 1)
            return tensor.withUnsafeBufferPointer {
                SampleWeights.label(
                    of: UnsafeBufferPointer(rebasing: $0[(sample * count)..<((sample + 1) * count)])
                )
            }
        }
    }
}
