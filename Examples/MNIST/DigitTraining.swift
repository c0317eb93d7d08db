import ConvNetDatasets
import SwiftConvNet

/// The training of the network on a dataset: what `train` does, and `verify` does again.
struct DigitTraining {
    let options: TrainingOptions
    let dataset: LoadedDataset
    let model: Sequential

    init(_ options: TrainingOptions, on dataset: LoadedDataset, computing: ComputeOptions) throws {
        self.options = options
        self.dataset = dataset
        model = try makeNetwork(seed: options.seed, options: computing)
        model.classNames = dataset.classNames
        try model.compile(
            optimizer: .adam(learningRate: LearningRate(options.learningRate)),
            loss: .sparseCategoricalCrossentropy(),
            metrics: [.accuracy]
        )
    }

    var batchSize: Int { min(options.batchSize, dataset.train.count) }

    func fit(
        verbose: Verbosity,
        callbacks: [any Callback] = [],
        nonFinite: NonFinitePolicy = .stop(),
        checkpoint: CheckpointInterval? = nil,
        at folder: String? = nil,
        resume: Bool = false
    ) throws -> History {
        let split = options.validationSplit
        return try model.fit(
            dataset.train,
            batchSize: batchSize,
            epochs: options.epochs,
            verbose: verbose,
            callbacks: callbacks,
            validationSplit: split,
            validationData: split == 0 ? dataset.test : nil,
            nonFinite: nonFinite,
            checkpoint: checkpoint,
            at: folder,
            resume: resume
        )
    }

    /// The record of a run that has ended, with the options that `verify` needs.
    func manifest(_ history: History, dataset name: DatasetName) throws -> RunManifest {
        try RunManifest(
            of: model,
            history,
            epochs: options.epochs,
            batchSize: batchSize,
            data: dataset.digest,
            settings: options.settings.merging([DatasetName.setting: name.rawValue]) { $1 }
        )
    }
}

extension DatasetName {
    /// What the settings of a manifest call the dataset.
    static let setting = "dataset"
}

extension TrainingOptions {
    /// The options that results depend on, by their names on the command line.
    var settings: [String: String] {
        [
            "epochs": "\(epochs)", "batch-size": "\(batchSize)", "learning-rate": "\(learningRate)",
            "seed": "\(seed)", "validation-split": "\(validationSplit)",
        ]
    }

    /// The options of a manifest.
    static func of(_ manifest: RunManifest) throws -> TrainingOptions {
        let settings = manifest.settings.filter { $0.key != DatasetName.setting }.sorted { $0.key < $1.key }
        return try parse(settings.map { "--\($0.key)=\($0.value)" })
    }
}
