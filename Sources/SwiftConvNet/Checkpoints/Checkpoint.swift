/// A checkpoint: everything that determines the future of a run.
///
/// | section | content |
/// |---|---|
/// | `state` | `CheckpointState`, in JSON |
/// | `history` | the epochs that are done, in JSON |
/// | `parameters` | all parameters and moving statistics, `Float` |
/// | `optimizer` | the slots, one after the other, of the trainable parameters, `Float` |
/// | `callback/0/EarlyStopping` … | the states of the resumable callbacks |
struct Checkpoint {
    static let stateSection = "state", historySection = "history"
    static let parameterSection = "parameters", optimizerSection = "optimizer"

    let file: CheckpointFile
    let state: CheckpointState
    let epochs: [EpochRecord]

    var generation: UInt64 { file.generation }

    /// Reads what stands in JSON.
    ///
    /// - Throws: `ConvNetError` of kind `format` if it is not what this library writes.
    init(_ file: CheckpointFile) throws {
        func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
            try StableJSON.decode(
                type,
                from: file.section(name),
                at: "\(file.path), section \"\(name)\""
            )
        }
        self.file = file
        state = try decode(CheckpointState.self, Self.stateSection)
        epochs = try decode([CodedEpoch].self, Self.historySection).map { try $0.record }
    }

    /// The name of the section of a callback's state.
    static func section(ofCallback index: Int, _ typeName: String) -> String {
        "callback/\(index)/\(typeName)"
    }
}

/// What a checkpoint says in words and numbers; numbers that must be exact stand as their bits.
struct CheckpointState: Codable {
    /// One parameter's name and the sizes of its axes.
    struct Layout: Codable, Hashable {
        let name: String
        let shape: [Int]
    }

    let identity: RunIdentity
    let key: ReproducibilityKey
    /// The epoch after which the run was to end.
    let epochs: Int
    let position: TrainingPosition
    /// The optimizer's steps.
    let step: Int
    /// The batches that training has seen.
    let batchesDone: Int
    /// The rate that was set in place of the optimizer's own.
    let learningRate: ExactNumber?
    /// The optimizer's scalars, if it has any.
    let scalars: [ExactNumber]?
    /// In the order of their values.
    let parameters: [Layout]
    /// The types of the resumable callbacks.
    let callbacks: [String]
    /// Why the run was ended before its last epoch; `nil` if it was not, or only interrupted.
    let stopReason: String?

    /// Whether the run has done all that it was to do.
    var isEnded: Bool { stopReason != nil || position.epoch > epochs }
}

/// An epoch's record as a checkpoint keeps it.
struct CodedEpoch: Codable {
    let epoch: Int
    let names: [String]
    let values: [ExactNumber]
    let seconds: ExactNumber
    let samplesPerSecond: ExactNumber
    let learningRate: ExactNumber
    let skippedBatches: Int

    init(_ record: EpochRecord) {
        epoch = record.epoch
        names = record.values.names
        values = record.values.values.map { ExactNumber($0) }
        seconds = ExactNumber(record.seconds)
        samplesPerSecond = ExactNumber(record.samplesPerSecond)
        learningRate = ExactNumber(record.learningRate)
        skippedBatches = record.skippedBatches
    }

    var record: EpochRecord {
        get throws {
            guard names.count == values.count else {
                throw ConvNetError(
                    .format,
                    "An epoch of the history has not one figure per name",
                    at: "epoch \(epoch)",
                    expected: "\(names.count)",
                    received: "\(values.count)"
                )
            }
            return EpochRecord(
                epoch: epoch,
                values: MetricValues(names: names, values: values.map(\.value)),
                seconds: seconds.value,
                samplesPerSecond: samplesPerSecond.value,
                learningRate: Float(learningRate.value),
                skippedBatches: skippedBatches
            )
        }
    }
}
