/// The moments of the targets and predictions of one row.
struct RowMoments {
    let targetMean: Double, predictionMean: Double
    /// Over the number of values, not one less.
    let targetVariance: Double, predictionVariance: Double, covariance: Double
}

extension MetricSample {
    /// The mean over the places of a number for the moments of the last axis.
    func meanOfRows(_ value: (RowMoments) -> Double) -> Double {
        let size = max(shape.last ?? 1, 1)
        let places = max(prediction.count / size, 1)
        var sum = 0.0
        for first in stride(from: 0, to: places * size, by: size) {
            let row = first..<(first + size), count = Double(size)
            let targetMean = row.reduce(0) { $0 + Double(target(at: $1)) } / count
            let predictionMean = row.reduce(0) { $0 + Double(prediction[$1]) } / count
            var squares = (target: 0.0, prediction: 0.0, both: 0.0)
            for place in row {
                let own = Double(target(at: place)) - targetMean
                let other = Double(prediction[place]) - predictionMean
                squares.target += own * own
                squares.prediction += other * other
                squares.both += own * other
            }
            sum += value(
                RowMoments(
                    targetMean: targetMean,
                    predictionMean: predictionMean,
                    targetVariance: squares.target / count,
                    predictionVariance: squares.prediction / count,
                    covariance: squares.both / count
                )
            )
        }
        return sum / Double(places)
    }
}
