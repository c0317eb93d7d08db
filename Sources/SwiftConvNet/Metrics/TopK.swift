/// What the top-k metrics share.
enum TopK {
    static func validate(_ k: Int) throws {
        guard k >= 1 else {
            throw ConvNetError(
                .argument,
                "Not a number of predictions",
                at: "k",
                expected: "at least 1",
                received: "\(k)"
            )
        }
    }

    /// Whether fewer than `k` predictions are above that of a class. Where a prediction is not finite nothing can be
    /// said, and the answer is no, as TensorFlow has it.
    static func contains(_ label: Int, k: Int, in predictions: UnsafeBufferPointer<Float>) -> Bool {
        let own = predictions[label]
        var above = 0
        for prediction in predictions {
            guard prediction.isFinite else { return false }
            if prediction > own { above += 1 }
        }
        return above < k
    }
}
