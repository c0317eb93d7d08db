/// After which epochs `fit` validates; Keras' `validation_freq`.
///
/// ```swift
/// try model.fit(data, epochs: 9, validationSplit: 0.1, validationFrequency: 3)       // after the epochs 3, 6 and 9
/// try model.fit(data, epochs: 9, validationSplit: 0.1, validationFrequency: [1, 9])  // after the epochs 1 and 9
/// ```
public enum ValidationFrequency: Sendable, Hashable {
    /// After every so many epochs, at least 1: `2` validates after the epochs 2, 4, 6.
    case every(Int)
    /// After these epochs; the first is 1.
    case epochs(Set<Int>)

    /// Whether an epoch is validated; the first is 1.
    func includes(_ epoch: Int) -> Bool {
        switch self {
        case .every(let count): epoch.isMultiple(of: count)
        case .epochs(let epochs): epochs.contains(epoch)
        }
    }

    /// - Throws: `ConvNetError` of kind `argument` for a number below 1.
    func validate() throws {
        guard case .every(let count) = self, count < 1 else { return }
        throw ConvNetError(
            .argument,
            "Not a number of epochs",
            at: "validationFrequency",
            expected: "at least 1, or a list of epochs",
            received: "\(count)"
        )
    }
}

extension ValidationFrequency: ExpressibleByIntegerLiteral {
    /// `.every`.
    public init(integerLiteral value: Int) { self = .every(value) }
}

extension ValidationFrequency: ExpressibleByArrayLiteral {
    /// `.epochs`.
    public init(arrayLiteral elements: Int...) { self = .epochs(Set(elements)) }
}
