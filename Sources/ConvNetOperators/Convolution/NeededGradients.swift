/// The gradients that the backward pass of a convolution must make.
struct NeededGradients: Sendable {
    let input: Bool
    let kernel: Bool
    let bias: Bool

    init(_ site: Site) {
        input = site.needsGradient[0]
        kernel = site.needsGradient[1]
        bias = site.needsGradient.count > 2 && site.needsGradient[2]
    }

    /// Whether those of kernel and bias are needed both, or neither: what the faster ways to convolve expect.
    func suits(bias hasBias: Bool) -> Bool { !hasBias || kernel == bias }
}
