/// The samples on which `fit` validates each epoch.
struct ValidationSet {
    /// What holds the samples.
    let dataset: any Dataset
    /// Their indices in `dataset`: all, or the last ones of the training data.
    let samples: Range<Int>
    /// How much each counts in `val_loss`, by its index in `dataset`.
    let weights: SampleWeights
    /// The argument of `fit` that the samples come from, for errors.
    let argument: String

    /// The samples of a dataset that is for validation alone.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the weights do not fit it.
    init(_ dataset: any Dataset, sampleWeight: [Float]?) throws {
        self.dataset = dataset
        samples = 0..<dataset.count
        weights = SampleWeights(samples: sampleWeight)
        argument = "validationData"
        try weights.validate(for: dataset, as: "validationSampleWeight")
    }

    /// The last samples of the training data, with the weights that they have there, as Keras splits them.
    init(lastOf dataset: any Dataset, from first: Int, sampleWeight: [Float]?) {
        self.dataset = dataset
        samples = first..<dataset.count
        weights = SampleWeights(samples: sampleWeight)
        argument = "validationSplit"
    }

    /// Whether the weights are given for the validation alone.
    var hasOwnWeights: Bool { argument == "validationData" && weights.samples != nil }

    /// Loss and metrics over the samples.
    ///
    /// - Throws: what reading and judging them throws, located at the argument that they come from.
    func judge(by model: Model, _ feed: Feed, batchSize: Int) throws -> MetricValues {
        try locatingErrors { _ in
            try model.judge(feed, samples: samples, batchSize: batchSize, weights: weights)
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
