/// The sums that `Dice` and `Tversky` are made of: over all or some of the axes of a batch.
struct OverlapSums {
    /// Of target times prediction, of targets, and of predictions.
    var both = 0.0, target = 0.0, prediction = 0.0
}

/// A loss of the overlap of targets and predictions: one value for each combination of the axes that its sums do not go over.
///
/// Where they go over the batch axis, too, a value belongs to all samples and is multiplied with their mean weight.
protocol OverlapLoss: Loss {
    /// The axes of the sums, 0 being the batch; `nil` for all.
    var axis: [Int]? { get }

    /// One minus the overlap, and its derivative with respect to a prediction, which is `slope.target · target + slope.constant`.
    func value(_ sums: OverlapSums) -> (loss: Double, slope: (target: Double, constant: Double))
}

extension OverlapLoss {
    func overlapValueCount(of output: Shape) -> Int {
        output.indices.reduce(1) {
            LossAxes.contains($1 + 1, in: axis, rank: output.rank) ? $0 : $0 * output[$1]
        }
    }

    /// The loss of a batch; nothing is allocated.
    func overlapLoss(_ batch: LossBatch, _ reduction: LossReduction) -> Float {
        let isOverBatch = LossAxes.contains(0, in: axis, rank: batch.shape.rank)
        let values = overlapValueCount(of: batch.shape) * (isOverBatch ? 1 : batch.count)
        var weight = 0.0
        for own in batch.weights { weight += Double(own) }
        // Those of the values, not of the samples.
        let sumOfWeights = weight * Double(values) / Double(batch.count)
        let divisor = reduction.divisor(count: values, weight: sumOfWeights)
        guard divisor != 0 else {
            batch.gradients?.update(repeating: 0)
            return 0
        }
        let walk = OverlapWalk(loss: self, batch: batch, rank: batch.shape.rank, divisor: divisor)
        return Float(walk.visit(0, first: 0, weight: weight / Double(batch.count)) / divisor)
    }
}

/// Goes through the combinations of the axes that stay, and for each through those of the axes that are summed over.
private struct OverlapWalk<Overlap: OverlapLoss> {
    let loss: Overlap
    let batch: LossBatch
    let rank: Int
    let divisor: Double

    private func length(_ axis: Int) -> Int { axis == 0 ? batch.count : batch.shape[axis - 1] }

    /// Elements from one index of an axis to the next.
    private func step(_ axis: Int) -> Int {
        var step = 1
        var inner = rank
        while inner > axis {
            step *= batch.shape[inner - 1]
            inner -= 1
        }
        return step
    }

    private func isSummed(_ axis: Int) -> Bool { LossAxes.contains(axis, in: loss.axis, rank: rank) }

    /// The sum of weighted values for all combinations of the axes from `axis` on that stay.
    ///
    /// - Parameter weight: that of the sample, or the mean weight if there is none.
    func visit(_ axis: Int, first: Int, weight: Double) -> Double {
        guard axis <= rank else { return value(first, weight) }
        guard !isSummed(axis) else { return visit(axis + 1, first: first, weight: weight) }
        let step = step(axis)
        var sum = 0.0
        for index in 0..<length(axis) {
            let own = axis == 0 ? Double(batch.weights[index]) : weight
            sum += visit(axis + 1, first: first + index * step, weight: own)
        }
        return sum
    }

    private func value(_ first: Int, _ weight: Double) -> Double {
        var sums = OverlapSums()
        addUp(0, first: first, &sums)
        let (value, slope) = loss.value(sums)
        if batch.gradients != nil {
            let scale = Double(batch.scale) * weight / divisor
            store(
                0,
                first: first,
                target: Float(scale * slope.target),
                constant: Float(scale * slope.constant)
            )
        }
        return weight * value
    }

    private func addUp(_ axis: Int, first: Int, _ sums: inout OverlapSums) {
        guard axis <= rank else {
            let target = Double(target(first)), prediction = Double(batch.predictions[first])
            sums.both += target * prediction
            sums.target += target
            sums.prediction += prediction
            return
        }
        guard isSummed(axis) else { return addUp(axis + 1, first: first, &sums) }
        let step = step(axis)
        for index in 0..<length(axis) { addUp(axis + 1, first: first + index * step, &sums) }
    }

    private func store(_ axis: Int, first: Int, target factor: Float, constant: Float) {
        guard axis <= rank else {
            batch.gradients?[first] = factor * target(first) + constant
            return
        }
        guard isSummed(axis) else {
            return store(axis + 1, first: first, target: factor, constant: constant)
        }
        let step = step(axis)
        for index in 0..<length(axis) {
            store(axis + 1, first: first + index * step, target: factor, constant: constant)
        }
    }

    private func target(_ place: Int) -> Float { batch.target(at: place) }
}

extension LossBatch {
    /// This sample alone as a batch.
    init(
        _ sample: LossSample,
        weights: UnsafeBufferPointer<Float>,
        labels: UnsafeBufferPointer<Int32>
    ) {
        self.init(
            shape: sample.shape,
            predictions: sample.prediction,
            logits: sample.logits,
            gradients: sample.gradient,
            weights: weights,
            scale: sample.scale,
            labels: labels,
            targets: sample.target
        )
    }
}

extension LossSample {
    /// The loss of this sample as a batch of its own.
    func alone(_ body: (LossBatch) -> Float) -> Float {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 1) { weights in
            weights.initialize(repeating: 1)
            return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { labels in
                labels.initialize(repeating: Int32(label))
                let batch = LossBatch(
                    self,
                    weights: UnsafeBufferPointer(weights),
                    labels: UnsafeBufferPointer(labels)
                )
                return body(batch)
            }
        }
    }
}
