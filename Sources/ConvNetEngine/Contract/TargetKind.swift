/// What a dataset says about each sample besides the input.
public enum TargetKind: Hashable, Sendable {
    /// Nothing: the samples are only for prediction.
    case none
    /// An integer class.
    case labels
    /// Numbers of this shape, such as a one-hot class or the values of a regression.
    case values(Shape)
}

extension TargetKind {
    /// Whether there is one class for each place of an output `[…, classes]`: labels for an output without further
    /// axes, or values `[…]` or `[…, 1]` that are class numbers.
    package func areClasses(of output: Shape) -> Bool {
        switch self {
        case .none: return false
        case .labels: return output.rank == 1
        case .values(let shape):
            let places = Array(output.dropLast())
            return shape.dimensions == places || shape.dimensions == places + [1]
        }
    }

    /// Whether there is one value for each number of an output; a last axis of size 1 may be missing.
    package func areValues(of output: Shape) -> Bool {
        guard case .values(let shape) = self else { return false }
        return shape == output || output.last == 1 && shape.dimensions == output.dropLast()
    }

    /// Checks that there is one value for each number of an output.
    ///
    /// - Throws: `ConvNetError` of kind `data` if the targets are no values, of kind `shape` if they do not fit.
    package func validateValues(for output: Shape, loss: String, remedy: String? = nil) throws {
        guard !areValues(of: output) else { return }
        var isShape = false
        if case .values = self { isShape = true }
        throw ConvNetError(
            isShape ? .shape : .data,
            "\(loss) compares predictions with as many target values",
            at: "targets",
            expected: "a Tensor of \(output) values per sample",
            received: "\(self)",
            remedy: remedy
        )
    }
}

extension TargetKind: CustomStringConvertible {
    /// `no targets`, `Labels`, or `values of shape [10]`.
    public var description: String {
        switch self {
        case .none: "no targets"
        case .labels: "Labels"
        case .values(let shape): "values of shape \(shape)"
        }
    }
}
