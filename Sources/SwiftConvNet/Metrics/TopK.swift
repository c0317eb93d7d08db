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

extension TopK {
    /// The last of the largest predictions.
    struct Last {
        let prediction: Float
        let place: Int

        /// Whether a prediction is among the largest; of equals the first are.
        func includes(_ other: Float, at otherPlace: Int) -> Bool {
            other > prediction || other == prediction && otherPlace <= place
        }
    }

    /// The k-th largest of some predictions, of equals the first coming first.
    static func last(_ k: Int, of predictions: UnsafeBufferPointer<Float>) -> Last {
        var last = Last(prediction: .infinity, place: -1)
        for _ in 0..<k {
            var next: Last?
            for (place, prediction) in predictions.enumerated() {
                let isAfter =
                    prediction < last.prediction || prediction == last.prediction && place > last.place
                guard isAfter, next.map({ prediction > $0.prediction }) ?? true else { continue }
                next = Last(prediction: prediction, place: place)
            }
            guard let next else { break }
            last = next
        }
        return last
    }
}
