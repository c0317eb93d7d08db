/// Normalises groups of elements of each sample, each group by its own statistics, and then scales and shifts them.
///
/// Operands: x; whole ones: gamma and beta, if there are any, with an element for each place of a row, or for each channel.
package struct SampleNormalization: Operator {
    /// What elements are divided by.
    package enum Statistic: Sendable, Hashable {
        /// The mean is taken off; the deviation divides: `(x - mean) / sqrt(variance + epsilon)`.
        case deviation
        /// The root of the mean of squares: `x / sqrt(mean of x² + epsilon)`.
        case rootMeanSquare
        /// The norm, but no less than 1e-12: `x / sqrt(sum of x²)`.
        case norm
    }

    /// Which elements form a group.
    package enum Groups: Sendable, Hashable {
        /// Those of a row, which is this many of the last axes.
        case rows(axes: Int)
        /// Those of neighbouring channels, over all other axes: the last axis is divided into this many groups.
        case channels(Int)
    }

    package let statistic: Statistic
    package let groups: Groups
    package let epsilon: Float
    package let scales: Bool, centers: Bool

    /// - Parameters:
    ///   - scales: whether there is a gamma.
    ///   - centers: whether there is a beta.
    /// - Precondition: groups of channels are normalised by their deviation.
    package init(_ statistic: Statistic, over groups: Groups, epsilon: Float, scales: Bool, centers: Bool) {
        self.statistic = statistic
        self.groups = groups
        self.epsilon = epsilon
        self.scales = scales
        self.centers = centers
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a normalisation")
        return [inputs[0]]
    }

    package func kernel(at site: Site) -> any Kernel {
        switch groups {
        case .rows(let axes): RowNormalizationKernel(self, axes: axes, at: site)
        case .channels(let count): GroupNormalizationKernel(self, groups: count, at: site)
        }
    }

    /// The places of gamma and beta among the operands.
    package var gamma: Int? { scales ? 1 : nil }
    package var beta: Int? { centers ? (scales ? 2 : 1) : nil }
}
