import Foundation

extension RandomStream {
    /// A number from [0, 1): a multiple of 2⁻²⁴, from the high 24 bits of one word.
    public mutating func nextUniform() -> Float { Float(nextWord() >> 8) * 0x1p-24 }

    /// A number from `range`, evenly distributed; its lower bound if the range is empty. Takes one word.
    ///
    /// - Precondition: the bounds are finite.
    public mutating func uniform(in range: Range<Float>) -> Float {
        uniform(from: Double(range.lowerBound), to: Double(range.upperBound))
    }

    /// low + (high - low) · u in double precision, rounded, and kept below `high` where it rounds up to that.
    package mutating func uniform(from low: Double, to high: Double) -> Float {
        let value = Float(low + (high - low) * Double(nextUniform()))
        let (lowest, limit) = (Float(low), Float(high))
        return value < limit ? value : max(lowest, limit.nextDown)
    }

    /// A normally distributed number. Takes two words.
    ///
    /// By Box and Muller's formula, √(-2 ln u) · cos(2πv), in double precision and then rounded; u and v have 32
    /// bits, so that no value lies beyond 6.67 standard deviations.
    ///
    /// - Parameters:
    ///   - mean: The mean. Default 0.
    ///   - standardDeviation: The standard deviation, 0 or more. Default 1.
    public mutating func normal(mean: Float = 0, standardDeviation: Float = 1) -> Float {
        Float(Double(mean) + Double(standardDeviation) * standardNormal())
    }

    /// A normally distributed number, drawn again until it is less than two standard deviations from the mean:
    /// Keras' and TensorFlow's truncated normal distribution. Takes an even number of words, mostly two.
    ///
    /// Its own standard deviation is 0.8796 times `standardDeviation`, which is that of the distribution before
    /// truncation.
    ///
    /// - Parameters:
    ///   - mean: The mean. Default 0.
    ///   - standardDeviation: The standard deviation before truncation, 0 or more. Default 1.
    public mutating func truncatedNormal(mean: Float = 0, standardDeviation: Float = 1) -> Float {
        Float(Double(mean) + Double(standardDeviation) * standardTruncatedNormal())
    }

    /// Mean 0, standard deviation 1, in double precision.
    package mutating func standardNormal() -> Double {
        let u = (Double(nextWord()) + 1) * 0x1p-32  // (0, 1], for the logarithm
        let v = Double(nextWord()) * 0x1p-32
        return (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
    }

    /// As `standardNormal`, drawn again until it lies within (-2, 2).
    package mutating func standardTruncatedNormal() -> Double {
        while true {
            let value = standardNormal()
            if abs(value) < 2 { return value }
        }
    }
}
