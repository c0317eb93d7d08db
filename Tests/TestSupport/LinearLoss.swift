import SwiftConvNet

/// The loss `sum of prediction · factor`, whose gradient is the factor: it turns a backward pass into the product
/// of a layer's derivative with factors that the test chooses, and keeps the predictions of the pass.
///
/// A sample's target is its place in the batch, then a factor for each element of the prediction.
struct LinearLoss: Loss {
    static let kind = "LinearLoss"

    /// Where predictions are kept.
    final class Recorder: Sendable {
        private let predictions = Lock<[Int: [Float]]>([:])

        func record(_ prediction: UnsafeBufferPointer<Float>, of sample: Int) {
            let values = Array(prediction)
            predictions.withLock { $0[sample] = values }
        }

        /// The predictions of a batch, in the order of the samples.
        func elements(batch: Int) -> [Float] {
            predictions.withLock { all in (0..<batch).flatMap { all[$0] ?? [] } }
        }
    }

    let recorder: Recorder

    init(recorder: Recorder) { self.recorder = recorder }
    init(from decoder: any Decoder) { recorder = Recorder() }
    func encode(to encoder: any Encoder) {}

    func validate(output: Shape, targets: TargetKind) throws {
        guard targets == .values([1 + output.elementCount]) else {
            throw ConvNetError(.shape, "Not a place and factors", received: "\(targets)")
        }
    }

    func evaluate(_ sample: LossSample) -> Float {
        recorder.record(sample.prediction, of: Int(sample.target[0]))
        var sum: Float = 0
        for (place, value) in sample.prediction.enumerated() {
            sum += value * sample.target[1 + place]
            sample.gradient?[place] = sample.scale * sample.target[1 + place]
        }
        return sum
    }
}
