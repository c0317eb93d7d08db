import ConvNetDatasets
import SwiftConvNet

/// The training of the network on a dataset: what `train` does, and `verify` does again.
struct FashionTraining {
    let options: TrainingOptions
    let model: Model
    /// The pictures that the network learns from, with one-hot targets; as they are, and as training sees them.
    let pictures: ArrayDataset
    private let changed: any Dataset
    /// The pictures on which the network is judged: those held out with `--validation`, else those of the test.
    let judged: ArrayDataset
    /// What `judged` is called.
    let judgedName: String
    /// The SHA-256 of the data, in hexadecimal.
    private let digest: String
    private let name: DatasetName

    init(
        _ options: TrainingOptions,
        on dataset: LoadedDataset,
        named name: DatasetName,
        computing: ComputeOptions
    ) throws {
        self.options = options
        self.name = name
        digest = dataset.digest
        let classCount = dataset.classNames.count
        if options.validation {
            let count = dataset.train.count
            let (first, last) = try dataset.train.split(at: count - count / 10)
            (pictures, judged) = (try first.withOneHotTargets(classCount), last)
            judgedName = "Validation"
        } else {
            (pictures, judged) = (try dataset.train.withOneHotTargets(classCount), dataset.test)
            judgedName = "Test"
        }
        guard !pictures.isEmpty, !judged.isEmpty else {
            throw ConvNetError(
                .data,
                "There are not enough pictures",
                at: dataset.name,
                expected: "at least 1 to train on and 1 to judge by",
                received: "\(pictures.count) and \(judged.count)"
            )
        }
        changed = options.augmentation ? try name.augmented(pictures) : pictures
        model = try makeNetwork(options, classCount: classCount, computing: computing)
        model.classNames = dataset.classNames
        try model.compile(
            optimizer: .adamW(learningRate: learningRate, weightDecay: options.weightDecay),
            loss: .categoricalCrossentropy(labelSmoothing: options.labelSmoothing),
            metrics: [.accuracy],
            update: UpdateRule(
                averageMomentum: options.averageMomentum,
                groups: [.init(parameters: ["bias", "gamma", "beta"], decays: false)]
            )
        )
    }

    var batchSize: Int { min(options.batchSize, pictures.count) }

    /// A tenth of the steps up, then down along half a wave of the cosine.
    private var learningRate: LearningRate {
        let stepsPerEpoch = (pictures.count + batchSize - 1) / batchSize
        let steps = options.epochs * stepsPerEpoch, warmup = steps / 10
        return .cosineDecay(
            initialLearningRate: options.learningRate / 100,
            decaySteps: steps - warmup,
            warmupTarget: options.learningRate,
            warmupSteps: warmup
        )
    }

    /// Trains, and leaves the averages of the parameters in the model. With `--validation` each epoch's averages are validated; the
    /// test pictures are read when all is done, and once.
    func fit(
        verbose: Verbosity = .automatic,
        callbacks: [any Callback] = [],
        checkpoint: CheckpointInterval? = nil,
        at folder: String? = nil,
        resume: Bool = false
    ) throws -> History {
        try model.fit(
            changed,
            batchSize: batchSize,
            epochs: options.epochs,
            verbose: verbose,
            callbacks: [SwapEMAWeights()] + callbacks,
            validationData: options.validation
                ? try judged.withOneHotTargets(model.outputShape.elementCount) : nil,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }

    /// The record of a run that has ended, with the options that `verify` needs.
    func manifest(_ history: History) throws -> RunManifest {
        try RunManifest(
            of: model,
            history,
            epochs: options.epochs,
            batchSize: batchSize,
            data: digest,
            settings: options.settings.merging([DatasetName.setting: name.rawValue]) { $1 }
        )
    }
}

extension ArrayDataset {
    var isEmpty: Bool { count == 0 }

    /// The same pictures with a target for each class, as label smoothing needs them.
    fileprivate func withOneHotTargets(_ classCount: Int) throws -> ArrayDataset {
        guard let labels else { return self }
        return try ArrayDataset(samples, .values(labels.oneHot(classCount: classCount)))
    }
}
