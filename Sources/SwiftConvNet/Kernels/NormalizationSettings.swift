/// Where the parameters of a batch normalisation stand among those of its kernel, and its constants.
struct NormalizationSettings: Sendable {
    let channels: Int
    let momentum: Double, epsilon: Double
    let gamma: Int?, beta: Int?
    let movingMean: Int, movingVariance: Int

    /// - Parameter firstParameter: the place of the layer's first parameter among those of the kernel.
    init(_ layer: BatchNormalization, channels: Int, firstParameter: Int = 0) {
        self.channels = channels
        momentum = Double(layer.momentum)
        epsilon = Double(layer.epsilon)
        gamma = layer.scale ? firstParameter : nil
        beta = layer.center ? firstParameter + (layer.scale ? 1 : 0) : nil
        movingMean = firstParameter + (layer.scale ? 1 : 0) + (layer.center ? 1 : 0)
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
