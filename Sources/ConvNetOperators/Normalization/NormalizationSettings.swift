/// Where the parameters of a batch normalisation stand among those of its kernel, and its constants.
package struct NormalizationSettings: Sendable {
    package let channels: Int
    let momentum: Double, epsilon: Double
    let gamma: Int?, beta: Int?
    let movingMean: Int, movingVariance: Int

    /// - Parameters:
    ///   - scales: whether there is a gamma.
    ///   - centers: whether there is a beta.
    ///   - firstParameter: the place of the first parameter among those of the kernel: gamma, beta, moving mean and moving
    ///     variance follow each other.
    package init(
        channels: Int, momentum: Float, epsilon: Float, scales: Bool, centers: Bool, firstParameter: Int = 0
    ) {
        self.channels = channels
        self.momentum = Double(momentum)
        self.epsilon = Double(epsilon)
        gamma = scales ? firstParameter : nil
        beta = centers ? firstParameter + (scales ? 1 : 0) : nil
        movingMean = firstParameter + (scales ? 1 : 0) + (centers ? 1 : 0)
        movingVariance = movingMean + 1
    }

    /// Gamma of a channel, and beta.
    func learned(_ channel: Int, _ context: StageContext) -> (gamma: Double, beta: Double) {
        (
            gamma.map { Double(context.parameter($0)[channel]) } ?? 1,
            beta.map { Double(context.parameter($0)[channel]) } ?? 0
        )
    }

    /// The normalisation by the moving statistics: y = factor · x + shift.
    func affine(_ channel: Int, _ context: StageContext) -> (factor: Double, shift: Double) {
        let (gamma, beta) = learned(channel, context)
        let variance = Double(context.parameter(movingVariance)[channel])
        let factor = gamma / (variance + epsilon).squareRoot()
        return (factor, beta - Double(context.parameter(movingMean)[channel]) * factor)
    }
}
