import CKernels

/// The batch at hand: which samples of which dataset, their labels, targets and weights, and their losses.
///
/// The samples themselves go where the plan says; the rest is small and lives here.
package final class BatchBuffers: @unchecked Sendable {
    // Sendable: set between runs by the engine's caller; during a run each part touches its own samples.

    /// The number of samples in the batch at hand.
    package private(set) var count = 0
    /// The class of each sample, if there are classes.
    package private(set) var labels: UnsafeMutablePointer<Int32>
    /// The weight of each sample's loss.
    package private(set) var weights: UnsafeMutablePointer<Float>
    /// The loss of each sample, times its weight.
    package private(set) var losses: UnsafeMutablePointer<Float>

    private let sampleCount: Int
    private var capacity = 0
    private var targetCount = 0
    private var targetKind = TargetKind.none
    private var storage = AlignedBuffer.empty
    private var indices: UnsafeMutablePointer<Int>
    private var targets: UnsafeMutablePointer<Float>
    private var dataset: (any Dataset)?
    private var classCount: Int?
    /// The failure of the first sample that could not be read, and its place in the batch.
    private let failure = Lock<(place: Int, error: ConvNetError)?>(nil)

    /// Buffers for samples of `sampleCount` elements.
    init(sampleCount: Int) {
        self.sampleCount = sampleCount
        let nothing = storage.base
        indices = nothing.assumingMemoryBound(to: Int.self)
        labels = nothing.assumingMemoryBound(to: Int32.self)
        weights = nothing.assumingMemoryBound(to: Float.self)
        losses = weights
        targets = weights
    }

    /// Makes room for batches of `capacity` samples with targets of `kind`.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory, of kind `state` if a batch is at hand:
    ///   its dataset, or a layer, has called the model that computes it.
    package func reserve(capacity: Int, targets kind: TargetKind) throws {
        guard dataset == nil else {
            throw ConvNetError(
                .state, "The model is computing a batch", expected: "no call of the same model meanwhile",
                received: "a call from its dataset or one of its layers",
                remedy: "Ask a predictor instead: let predictor = try model.predictor()")
        }
        let targetCount = if case .values(let shape) = kind { shape.elementCount } else { 0 }
        targetKind = kind
        guard capacity > self.capacity || targetCount != self.targetCount else { return }
        let newCapacity = max(capacity, self.capacity)
        storage = try AlignedBuffer(
            byteCount: newCapacity * (8 + 4 + 4 + 4 + 4 * targetCount),
            for: "the targets of a batch of \(newCapacity) samples")
        (self.capacity, self.targetCount) = (newCapacity, targetCount)
        var place = storage.base
        func next<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
            defer { place += count * MemoryLayout<Element>.stride }
            return place.assumingMemoryBound(to: Element.self)
        }
        indices = next(self.capacity)
        labels = next(self.capacity)
        weights = next(self.capacity)
        losses = next(self.capacity)
        targets = next(self.capacity * targetCount)
    }

    /// Takes samples of a dataset as the batch at hand, each with its weight.
    ///
    /// - Parameter classCount: labels, and target values, must be classes in `0..<classCount`, if it is not `nil`.
    package func take(
        _ samples: UnsafeBufferPointer<Int>, of dataset: any Dataset, classCount: Int?,
        weights weight: SampleWeights
    ) throws {
        self.dataset = dataset
        self.classCount = classCount
        count = samples.count
        for (place, sample) in samples.enumerated() {
            indices[place] = sample
            var label: Int?
            if targetKind == .labels {
                labels[place] = try dataset.readLabel(sample)
                try check(labels[place], of: sample)
                label = Int(labels[place])
            } else if weight.classes != nil {
                try dataset.readTarget(sample, into: target(of: place))
                label = SampleWeights.label(of: UnsafeBufferPointer(target(of: place)))
            }
            weights[place] = weight.weight(of: sample, label: label)
        }
    }

    /// Checks the targets of samples, as `take` and `gather` do, before any of them is used.
    ///
    /// - Throws: `ConvNetError` of kind `data` that names the first sample whose target cannot be.
    package func checkTargets(of samples: Range<Int>, in dataset: any Dataset, classCount: Int?) throws {
        try reserve(capacity: 1, targets: dataset.targetKind)
        self.classCount = classCount
        for sample in samples {
            if targetKind == .labels {
                try check(dataset.readLabel(sample), of: sample)
            } else if targetCount > 0 {
                let target = target(of: 0)
                do {
                    try dataset.readTarget(sample, into: target)
                    try check(target)
                } catch let error as ConvNetError {
                    throw error.located(at: "sample \(sample)")
                }
            }
        }
    }

    private func check(_ label: Int32, of sample: Int) throws {
        guard let classCount, !(0..<classCount).contains(Int(label)) else { return }
        throw ConvNetError(
            .data, "A label is out of range", at: "sample \(sample)",
            expected: "a class in 0..<\(classCount)", received: "\(label)",
            remedy: "Classes are counted from 0, and the loss compares \(classCount) of them")
    }

    private func check(_ target: UnsafeMutableBufferPointer<Float>) throws {
        guard ck_all_finite(target.baseAddress, target.count) == 1 else { throw notFinite("A target") }
        if let classCount { try checkClasses(target, count: classCount) }
    }

    /// The target values of a sample of the batch.
    package func target(of sample: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: targets + sample * targetCount, count: targetCount)
    }

    /// Reads samples of the batch, and their target values; a failure is kept for `check`.
    func gather(_ samples: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        guard let dataset else { return }
        for (place, sample) in samples.enumerated() {
            do {
                let buffer = UnsafeMutableBufferPointer(
                    start: destination + place * sampleCount, count: sampleCount)
                try dataset.readSample(indices[sample], into: buffer)
                guard ck_all_finite(buffer.baseAddress, buffer.count) == 1 else {
                    throw notFinite("A sample")
                }
                if targetCount > 0 {
                    let target = target(of: sample)
                    try dataset.readTarget(indices[sample], into: target)
                    try check(target)
                }
            } catch {
                let error =
                    (error as? ConvNetError) ?? ConvNetError(.data, "A sample could not be read: \(error)")
                let located = error.located(at: "sample \(indices[sample])")
                // Whichever worker comes first, the first sample of the batch is the one to be named.
                failure.withLock { if ($0?.place ?? .max) > sample { $0 = (sample, located) } }
            }
        }
    }

    private func checkClasses(_ target: UnsafeMutableBufferPointer<Float>, count: Int) throws {
        for value in target where value != value.rounded() || value < 0 || value >= Float(count) {
            throw ConvNetError(
                .data, "A target is no class, or out of range", expected: "a whole number in 0..<\(count)",
                received: "\(value)")
        }
    }

    private func notFinite(_ what: String) -> ConvNetError {
        ConvNetError(
            .data, "\(what) holds a value that is not finite", expected: "finite numbers",
            received: "NaN or infinity",
            remedy: "Remove or replace what is NaN or infinite in the data")
    }

    /// Whether something has gone wrong while the batch was gathered.
    var hasFailed: Bool { failure.withLock { $0 != nil } }

    /// Throws what went wrong while the batch was gathered.
    package func check() throws {
        let failed = failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failed { throw failed.error }
    }

    /// Lets go of the dataset.
    package func release() { dataset = nil }
}
