/// The samples on which `fit` validates each epoch.
struct ValidationSet {
    /// What holds the samples.
    let dataset: any Dataset
    /// Their indices in `dataset`: all, or the last ones of the training data, or with `validationSteps` the first of these.
    let samples: Range<Int>
    /// How many samples run at once.
    let batchSize: Int
    /// After which epochs.
    let frequency: ValidationFrequency
    /// How much each counts in `val_loss`, by its index in `dataset`.
    let weights: SampleWeights
    /// The argument of `fit` that the samples come from, for errors.
    let argument: String

    /// When `fit` validates, and by how much of the data.
    struct Schedule {
        let batchSize: Int
        let steps: Int?
        let frequency: ValidationFrequency

        /// - Throws: `ConvNetError` of kind `argument` for a number below 1.
        init(batchSize: Int, steps: Int?, frequency: ValidationFrequency) throws {
            try frequency.validate()
            try requireSteps(steps, as: "validationSteps")
            (self.batchSize, self.steps, self.frequency) = (batchSize, steps, frequency)
        }

        /// The first samples, as many as the steps take.
        func limited(_ samples: Range<Int>) -> Range<Int> {
            guard let steps else { return samples }
            let (count, overflow) = steps.multipliedReportingOverflow(by: max(batchSize, 1))
            return overflow || count > samples.count
                ? samples : samples.lowerBound..<(samples.lowerBound + count)
        }
    }

    /// The samples of a dataset that is for validation alone.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the weights do not fit it.
    init(_ dataset: any Dataset, sampleWeight: [Float]?, schedule: Schedule) throws {
        self.dataset = dataset
        samples = schedule.limited(0..<dataset.count)
        batchSize = schedule.batchSize
        frequency = schedule.frequency
        weights = SampleWeights(samples: sampleWeight)
        argument = "validationData"
        try weights.validate(for: dataset, as: "validationSampleWeight")
    }

    /// The last samples of the training data, with the weights that they have there, as Keras splits them.
    init(lastOf dataset: any Dataset, from first: Int, sampleWeight: [Float]?, schedule: Schedule) {
        self.dataset = dataset
        samples = schedule.limited(first..<dataset.count)
        batchSize = schedule.batchSize
        frequency = schedule.frequency
        weights = SampleWeights(samples: sampleWeight)
        argument = "validationSplit"
    }

    /// Whether the weights are given for the validation alone.
    var hasOwnWeights: Bool { argument == "validationData" && weights.samples != nil }

    /// Loss and metrics over the samples.
    ///
    /// - Throws: what reading and judging them throws, located at the argument that they come from.
    func judge(by model: Model, _ feed: Feed, callbacks: [any Callback]) throws -> MetricValues {
        try locatingErrors { _ in
            try model.judge(
                feed,
                samples: samples,
                batchSize: batchSize,
                weights: weights,
                purpose: .validation,
                callbacks: callbacks
            )
        }
    }

    /// Does something with the samples; an error of it says whose they are.
    func locatingErrors<Result>(_ body: (ValidationSet) throws -> Result) throws -> Result {
        do {
            return try body(self)
        } catch let error as ConvNetError {
            throw error.located(at: argument)
        }
    }
}

/// Checks a number of steps, if there is one.
///
/// - Throws: `ConvNetError` of kind `argument` for a number below 1.
func requireSteps(_ steps: Int?, as role: String) throws {
    guard let steps, steps < 1 else { return }
    throw ConvNetError(
        .argument,
        "Not a number of steps",
        at: role,
        expected: "at least 1",
        received: "\(steps)"
    )
}
