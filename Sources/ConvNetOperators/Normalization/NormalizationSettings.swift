/// Where the operands of a batch normalisation stand among those of its kernel, and its constants.
struct NormalizationSettings: Sendable {
    let channels: Int
    let momentum: Double, epsilon: Double
    let gamma: Int?, beta: Int?
    let movingMean: Int, movingVariance: Int

    /// - Parameters:
    ///   - scales: whether there is a gamma.
    ///   - centers: whether there is a beta.
    ///   - firstOperand: the index of the first among the operands: gamma, beta, moving mean and moving
    ///     variance follow each other.
    init(
        channels: Int,
        momentum: Float,
        epsilon: Float,
        scales: Bool,
        centers: Bool,
        firstOperand: Int
    ) {
        self.channels = channels
        self.momentum = Double(momentum)
        self.epsilon = Double(epsilon)
        gamma = scales ? firstOperand : nil
        beta = centers ? firstOperand + (scales ? 1 : 0) : nil
        movingMean = firstOperand + (scales ? 1 : 0) + (centers ? 1 : 0)
        movingVariance = movingMean + 1
    }

    /// The normalisation by the moving statistics: y = factor · x + shift.
    func affine(_ channel: Int, _ context: StageContext) -> (factor: Double, shift: Double) {
        let gamma = gamma.map { Double(context.input($0)[channel]) } ?? 1
        let beta = beta.map { Double(context.input($0)[channel]) } ?? 0
        let variance = Double(context.input(movingVariance)[channel])
        let factor = gamma / (variance + epsilon).squareRoot()
        return (factor, beta - Double(context.input(movingMean)[channel]) * factor)
    }
}
