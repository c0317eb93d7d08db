/// Where a run stands: the batches of its epoch that are done, and the figures that have been gathered over them.
struct TrainingPosition: Sendable, Hashable {
    /// The epoch at hand; the first is 1. One more than the last epoch of the run if all are done.
    var epoch: Int
    /// The batches of it that are done.
    var batch = 0
    /// The samples of them.
    var samplesSeen = 0
    /// What has been gathered over them; `nil` if there are none.
    var figures: EpochFigures.Progress?
    /// The learning rate of the last of them.
    var learningRate: Float = 0
    /// Seconds that they took.
    var seconds = 0.0
}

extension TrainingPosition: CustomStringConvertible {
    /// `epoch 3, batch 120`.
    var description: String {
        batch == 0 ? "the beginning of epoch \(epoch)" : "epoch \(epoch), batch \(batch)"
    }
}

extension TrainingPosition: Codable {
    private enum Keys: String, CodingKey {
        case epoch, batch, samplesSeen, figures, learningRate, seconds
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        epoch = try container.decode(Int.self, forKey: .epoch)
        batch = try container.decode(Int.self, forKey: .batch)
        samplesSeen = try container.decode(Int.self, forKey: .samplesSeen)
        figures = try container.decodeIfPresent(EpochFigures.Progress.self, forKey: .figures)
        learningRate = Float(try container.decode(ExactNumber.self, forKey: .learningRate).value)
        seconds = try container.decode(ExactNumber.self, forKey: .seconds).value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(epoch, forKey: .epoch)
        try container.encode(batch, forKey: .batch)
        try container.encode(samplesSeen, forKey: .samplesSeen)
        try container.encodeIfPresent(figures, forKey: .figures)
        try container.encode(ExactNumber(learningRate), forKey: .learningRate)
        try container.encode(ExactNumber(seconds), forKey: .seconds)
    }
}
