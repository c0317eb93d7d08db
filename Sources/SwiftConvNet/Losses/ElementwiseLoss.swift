/// A loss that is the mean, over the numbers of a prediction, of one value each.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample.
public protocol ElementwiseLoss: Loss {
    /// The loss of one number of a prediction, and its derivative with respect to the prediction.
    func value(_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float)
}

extension ElementwiseLoss {
    public func validate(output: Shape, targets: TargetKind) throws {
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func evaluate(_ sample: LossSample) -> Float {
        sample.mean { value($0, $1) }
    }
}

extension LossSample {
    /// The mean of one value for each number of the prediction; stores the gradient.
    ///
    /// - Parameter value: the loss of a prediction and its target, and its derivative.
    func mean(_ value: (_ prediction: Float, _ target: Float) -> (loss: Float, gradient: Float)) -> Float {
        let count = Float(prediction.count)
        var sum: Float = 0
        for place in prediction.indices {
            let (loss, derivative) = value(prediction[place], target(at: place))
            sum += loss
            if let gradient { gradient[place] = scale * derivative / count }
        }
        return sum / count
    }

    /// The mean of one value for each place of the prediction, which is a row of numbers along the last axis.
    ///
    /// - Parameter value: the loss of a row; it stores the row's gradient, times the row's scale.
    func meanOfRows(_ value: (LossRow) -> Float) -> Float {
        let size = max(shape.last ?? 1, 1)
        let count = max(prediction.count / size, 1)
        var sum: Float = 0
        for place in 0..<count {
            let range = (place * size)..<((place + 1) * size)
            sum += value(
                LossRow(
                    place: place,
                    prediction: UnsafeBufferPointer(rebasing: prediction[range]),
                    target: target.count == prediction.count
                        ? UnsafeBufferPointer(rebasing: target[range])
                        : UnsafeBufferPointer(start: nil, count: 0),
                    gradient: gradient.map { UnsafeMutableBufferPointer(rebasing: $0[range]) },
                    scale: scale / Float(count)
                )
            )
        }
        return sum / Float(count)
    }
}

/// The numbers at one place of a prediction.
struct LossRow {
    /// The number of the place.
    let place: Int
    let prediction: UnsafeBufferPointer<Float>
    /// As many target values; empty if targets are classes.
    let target: UnsafeBufferPointer<Float>
    let gradient: UnsafeMutableBufferPointer<Float>?
    /// What the gradient is multiplied with.
    let scale: Float
}
