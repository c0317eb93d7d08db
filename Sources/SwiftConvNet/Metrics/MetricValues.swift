import Foundation

/// Figures with their names, in the order in which they are reported: the loss, then the metrics.
public struct MetricValues: Sendable, Hashable {
    /// The names, such as `loss`, `accuracy`, `val_loss`.
    public private(set) var names: [String]
    /// The figures, one per name.
    public private(set) var values: [Double]

    /// Figures with their names, equally many of both.
    init(names: [String], values: [Double]) {
        self.names = names
        self.values = values
    }

    /// The figure of a name; `nil` if there is none.
    public subscript(name: String) -> Double? { names.firstIndex(of: name).map { values[$0] } }

    /// Adds a value under a name, or replaces the one that is there.
    mutating func set(_ value: Double, for name: String) {
        if let place = names.firstIndex(of: name) {
            values[place] = value
        } else {
            names.append(name)
            values.append(value)
        }
    }

    /// These figures and those of `other`, whose names begin with `prefix`.
    func merging(_ other: MetricValues, prefix: String) -> MetricValues {
        MetricValues(names: names + other.names.map { prefix + $0 }, values: values + other.values)
    }

    /// The mean of the loss per sample, if there is one.
    public var loss: Double? { self["loss"] }
}

extension MetricValues: CustomStringConvertible {
    /// `loss: 0.0312 - accuracy: 0.9901`, as Keras' progress bar writes values: with an exponent up to 0.001, so that
    /// 0 is `0.0000e+00`.
    public var description: String {
        zip(names, values).map { "\($0): \(Self.text($1))" }.joined(separator: " - ")
    }

    static func text(_ value: Double) -> String {
        String(format: abs(value) > 1e-3 ? "%.4f" : "%.4e", value)
    }
}
