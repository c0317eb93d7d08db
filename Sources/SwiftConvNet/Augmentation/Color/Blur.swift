import Foundation

/// A blur along one axis: a mean with the weights of a normal distribution; what is beyond the edges is 0.
struct Blur {
    private let size: Int
    private let weights: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - size: the number of weights, odd.
    ///   - sigma: the standard deviation, above 0.
    ///   - weights: memory for the weights.
    init(size: Int, sigma: Float, weights: UnsafeMutablePointer<Float>) {
        self.size = size
        self.weights = weights
        var sum: Float = 0
        for place in 0..<size {
            let x = (Float(place) - Float(size - 1) / 2) / sigma
            weights[place] = exp(-0.5 * x * x)
            sum += weights[place]
        }
        for place in 0..<size { weights[place] /= sum }
    }

    /// Blurs `rows` arrays of `count` vectors of `stride` numbers each, that follow each other.
    func run(
        _ source: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>,
        rows: Int,
        count: Int,
        stride: Int
    ) {
        output.update(repeating: 0, count: rows * count * stride)
        let half = size / 2
        for row in 0..<rows {
            for place in 0..<count {
                let to = output + (row * count + place) * stride
                for other in max(place - half, 0)...min(place + half, count - 1) {
                    let from = source + (row * count + other) * stride, weight = weights[other - place + half]
                    for element in 0..<stride { to[element] += weight * from[element] }
                }
            }
        }
    }
}
