import Foundation

extension RandomStream {
    /// A number of the beta distribution, from 0 to 1. Takes a varying number of words.
    ///
    /// Its mean is `alpha / (alpha + beta)`. With two small numbers it is mostly near 0 or near 1.
    ///
    /// - Precondition: both numbers are positive and finite.
    public mutating func beta(_ alpha: Float, _ beta: Float) -> Float {
        // Of logarithms: with small numbers both gammas may be less than the least positive number.
        let first = logarithmOfGamma(shape: Double(alpha)), second = logarithmOfGamma(shape: Double(beta))
        return Float(1 / (1 + exp(second - first)))
    }

    /// A number of the gamma distribution of scale 1, at least 0. Takes a varying number of words.
    ///
    /// Mean and variance are `shape`.
    ///
    /// - Precondition: `shape` is positive and finite.
    public mutating func gamma(shape: Float) -> Float { Float(exp(logarithmOfGamma(shape: Double(shape)))) }

    /// The logarithm of a number of the gamma distribution.
    ///
    /// Source: Marsaglia, Tsang, A simple method for generating gamma variables (2000), for a shape of at least 1; for others
    /// gamma(a) is gamma(a + 1) · u^(1/a), as they say.
    package mutating func logarithmOfGamma(shape: Double) -> Double {
        precondition(shape > 0 && shape.isFinite, "no gamma distribution has the shape \(shape)")
        guard shape >= 1 else {
            let u = (Double(nextWord()) + 1) * 0x1p-32  // (0, 1], for the logarithm
            return logarithmOfGamma(shape: shape + 1) + log(u) / shape
        }
        let d = shape - 1 / 3, c = 1 / (9 * d).squareRoot()
        while true {
            let x = standardNormal(), root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = (Double(nextWord()) + 1) * 0x1p-32
            if log(u) < x * x / 2 + d - d * v + d * log(v) { return log(d * v) }
        }
    }
}
