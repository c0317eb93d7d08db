import CKernels

/// The batch at hand: which samples of which dataset, their targets and weights, and their losses.
///
/// The inputs themselves go where the plan says; the rest is small and lives here.
package final class BatchBuffers: @unchecked Sendable {
    // Sendable: set between runs by the engine's caller; during a run each part touches its own samples.

    /// The number of samples in the batch at hand.
    package private(set) var count = 0
    /// The weight of each sample's loss.
    package private(set) var weights: UnsafeMutablePointer<Float>
    /// The loss of each sample: of all terms, each times its factor, times the sample's weight. Their mean is the loss of the
    /// batch, whatever its reduction.
    package private(set) var losses: UnsafeMutablePointer<Float>

    /// The places of one output's targets: classes or values.
    private struct TargetPlaces {
        var labels: UnsafeMutablePointer<Int32>
        var values: UnsafeMutablePointer<Float>
        /// Of one sample.
        var count = 0
    }

    private var capacity = 0
    private var termCount = 0
    private var storage = AlignedBuffer.empty
    private var indices: UnsafeMutablePointer<Int>
    private var places: [TargetPlaces] = []
    private var termLosses: UnsafeMutablePointer<Float>
    private var feed: Feed?
    private var reading = Reading.plain
    /// What has read the samples before they are needed, if anything has.
    private var ahead: ReadAhead?
    private var sampleWeights = SampleWeights()
    /// The failure of the first sample that could not be read, and its place in the batch.
    private let failure = Lock<(place: Int, error: ConvNetError)?>(nil)

    init() {
        let nothing = storage.base
        indices = nothing.assumingMemoryBound(to: Int.self)
        weights = nothing.assumingMemoryBound(to: Float.self)
        losses = weights
        termLosses = weights
    }

    /// Makes room for batches of `capacity` samples.
    ///
    /// - Parameter termCount: the number of losses.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory, of kind `state` if a batch is at hand:
    ///   its dataset, or a layer, has called the model that computes it.
    package func reserve(capacity: Int, for feed: Feed, termCount: Int) throws {
        guard self.feed == nil else {
            throw ConvNetError(
                .state,
                "The model is computing a batch",
                expected: "no call of the same model meanwhile",
                received: "a call from its dataset or one of its layers",
                remedy: "Ask a predictor instead: let predictor = try model.predictor()"
            )
        }
        guard
            capacity > self.capacity || termCount != self.termCount || places.count != feed.targets.count
                || !zip(places, feed.targets).allSatisfy({ $0.count == $1.count })
        else { return }
        let capacity = max(capacity, self.capacity)
        let targetCount = feed.targets.reduce(0) { $0 + $1.count }
        // A class for each output, whether there are classes or not, for they are small.
        let byteCount = capacity * (8 + 4 + 4 + 4 * (termCount + feed.targets.count + targetCount))
        if storage.byteCount < byteCount {
            storage = try AlignedBuffer(
                byteCount: byteCount,
                for: "the targets of a batch of \(capacity) samples"
            )
        }
        (self.capacity, self.termCount) = (capacity, termCount)
        var place = storage.base
        func next<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
            defer { place += count * MemoryLayout<Element>.stride }
            return place.assumingMemoryBound(to: Element.self)
        }
        indices = next(capacity)
        weights = next(capacity)
        losses = next(capacity)
        termLosses = next(capacity * termCount)
        places = feed.targets.map { target in
            TargetPlaces(labels: next(capacity), values: next(capacity * target.count), count: target.count)
        }
    }

    /// Takes samples of a dataset as the batch at hand.
    ///
    /// - Parameters:
    ///   - reading: what they are read for.
    ///   - ahead: what reads them before they are needed, these next.
    package func take(
        _ samples: UnsafeBufferPointer<Int>,
        of feed: Feed,
        weights: SampleWeights,
        in reading: Reading,
        ahead: ReadAhead? = nil
    ) {
        self.feed = feed
        self.reading = reading
        self.ahead = ahead
        ahead?.take(samples.count)
        sampleWeights = weights
        count = samples.count
        for (place, sample) in samples.enumerated() { indices[place] = sample }
    }

    /// The class of a sample of the batch, if the output is compared with classes.
    package func label(_ output: Int, of sample: Int) -> Int { Int(places[output].labels[sample]) }

    /// The values that an output of a sample of the batch is compared with.
    package func target(_ output: Int, of sample: Int) -> UnsafeMutableBufferPointer<Float> {
        let place = places[output]
        return UnsafeMutableBufferPointer(start: place.values + sample * place.count, count: place.count)
    }

    /// Copies what an output of some samples of the batch is compared with; classes as numbers.
    func copyTargets(_ output: Int, of samples: Range<Int>, to target: UnsafeMutablePointer<Float>) {
        let place = places[output], count = place.count
        guard count > 0 else {
            for (offset, sample) in samples.enumerated() { target[offset] = Float(place.labels[sample]) }
            return
        }
        target.update(from: place.values + samples.lowerBound * count, count: samples.count * count)
    }

    /// The classes of all samples of the batch, if the output is compared with classes.
    func labels(_ output: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: places[output].labels, count: count)
    }

    /// The values that an output of all samples of the batch is compared with.
    func targets(_ output: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: places[output].values, count: count * places[output].count)
    }

    /// Keeps the value of a term for a sample; the first term's comes first.
    func setLoss(_ value: Float, term: Int, factor: Float, of sample: Int) {
        let value = weights[sample] * value
        termLosses[term * capacity + sample] = value
        if term == 0 { losses[sample] = factor * value } else { losses[sample] += factor * value }
    }

    /// Adds to the loss of a sample what a layer has made of it, once all terms are there.
    func addLoss(_ value: Float, of sample: Int) { losses[sample] += value }

    /// Keeps the value of a term for the whole batch, weights included, as that of each sample; the first term's comes first.
    func setBatchLoss(_ value: Float, term: Int, factor: Float) {
        for sample in 0..<count {
            termLosses[term * capacity + sample] = value
            if term == 0 { losses[sample] = factor * value } else { losses[sample] += factor * value }
        }
    }

    /// The value of a term for each sample, times its weight. Their mean is the term's value for the batch.
    package func losses(ofTerm term: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: termLosses + term * capacity, count: count)
    }

    // MARK: Reading

    /// Reads samples of the batch, and all that belongs to them; a failure is kept for `check`.
    ///
    /// - Parameter input: where an input of the first of these samples goes.
    func gather(_ samples: Range<Int>, input: (Int) -> UnsafeMutablePointer<Float>) {
        guard let feed else { return }
        withPlaces(of: feed) { writer in
            for (offset, sample) in samples.enumerated() {
                for (index, field) in feed.inputs.enumerated() {
                    let count = feed.fields[field].shape.elementCount
                    writer.places[field] = .init(address: input(index) + offset * count, count: count)
                }
                do { try read(indices[sample], to: sample, feed, writer) } catch {
                    keep(error, place: sample)
                    // The stages that follow see targets that can be.
                    for output in places.indices {
                        places[output].labels[sample] = 0
                        target(output, of: sample).update(repeating: 0)
                    }
                }
            }
        }
    }

    /// Checks the targets of samples, as `gather` does, before any of them is used.
    ///
    /// - Throws: `ConvNetError` of kind `data` that names the first sample whose target cannot be.
    package func checkTargets(of samples: Range<Int>, in feed: Feed, termCount: Int) throws {
        try reserve(capacity: 1, for: feed, termCount: termCount)
        sampleWeights = SampleWeights()
        // A dataset that asks the model meanwhile gets an error.
        self.feed = feed
        (reading, ahead) = (.plain, nil)
        defer { release() }
        try withPlaces(of: feed) { writer in
            for sample in samples {
                do { try read(sample, to: 0, feed, writer) } catch let error as ConvNetError {
                    throw error.located(at: "sample \(sample)")
                }
            }
        }
    }

    private func withPlaces<Result>(of feed: Feed, _ body: (SampleWriter) throws -> Result) rethrows -> Result
    {
        try withUnsafeTemporaryAllocation(of: SampleWriter.Place.self, capacity: feed.fields.count) {
            places in
            places.initialize(repeating: SampleWriter.Place())
            return try body(SampleWriter(places: places))
        }
    }

    /// Reads one sample of the dataset to a place in the batch.
    private func read(_ index: Int, to sample: Int, _ feed: Feed, _ writer: SampleWriter) throws {
        weights[sample] = 1
        for (output, target) in feed.targets.enumerated() {
            places[output].labels[sample] = 0
            guard let field = target.field else { continue }
            writer.places[field] =
                target.kind == .labels
                ? .init(address: places[output].labels + sample, count: 1, isLabel: true)
                : .init(address: places[output].values + sample * target.count, count: target.count)
        }
        if let field = feed.weight { writer.places[field] = .init(address: weights + sample, count: 1) }
        if let ahead {
            try ahead.read(sample, into: writer)
        } else {
            try feed.dataset.read(index, in: reading, into: writer)
        }
        for field in feed.inputs {
            guard let values = writer.values(of: field) else { continue }
            guard ck_all_finite(values.baseAddress, values.count) == 1 else { throw notFinite("A sample") }
        }
        for (output, target) in feed.targets.enumerated() where target.field != nil {
            if target.kind == .labels {
                try check(places[output].labels[sample], target)
            } else {
                try check(self.target(output, of: sample), target)
            }
        }
        let label = sampleWeights.classes == nil ? nil : self.label(of: sample, feed)
        let weight = sampleWeights.weight(of: index, label: label)
        guard feed.weight != nil else { return weights[sample] = weight }
        guard weights[sample].isFinite, weights[sample] >= 0 else {
            throw ConvNetError(
                .data,
                "A weight is not a finite number of at least 0",
                received: "\(weights[sample])"
            )
        }
        weights[sample] *= weight
    }

    /// The class of a sample for class weights, which only a model with one output takes.
    private func label(of sample: Int, _ feed: Feed) -> Int? {
        feed.targets[0].kind == .labels
            ? label(0, of: sample) : SampleWeights.label(of: UnsafeBufferPointer(target(0, of: sample)))
    }

    private func check(_ label: Int32, _ target: Feed.Target) throws {
        guard let classCount = target.classCount, !(0..<classCount).contains(Int(label)) else { return }
        throw ConvNetError(
            .data,
            "A label is out of range",
            expected: "a class in 0..<\(classCount)",
            received: "\(label)",
            remedy: "Classes are counted from 0, and the loss compares \(classCount) of them"
        )
    }

    private func check(_ values: UnsafeMutableBufferPointer<Float>, _ target: Feed.Target) throws {
        guard ck_all_finite(values.baseAddress, values.count) == 1 else { throw notFinite("A target") }
        guard let classCount = target.classCount else { return }
        for value in values where value != value.rounded() || value < 0 || value >= Float(classCount) {
            throw ConvNetError(
                .data,
                "A target is no class, or out of range",
                expected: "a whole number in 0..<\(classCount)",
                received: "\(value)"
            )
        }
    }

    private func notFinite(_ what: String) -> ConvNetError {
        ConvNetError(
            .data,
            "\(what) holds a value that is not finite",
            expected: "finite numbers",
            received: "NaN or infinity",
            remedy: "Remove or replace what is NaN or infinite in the data"
        )
    }

    private func keep(_ error: any Error, place: Int) {
        let error = (error as? ConvNetError) ?? ConvNetError(.data, "A sample could not be read: \(error)")
        let located = error.located(at: "sample \(indices[place])")
        // Whichever worker comes first, the first sample of the batch is the one to be named.
        failure.withLock { if ($0?.place ?? .max) > place { $0 = (place, located) } }
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
    package func release() {
        feed = nil
        ahead = nil
    }
}
