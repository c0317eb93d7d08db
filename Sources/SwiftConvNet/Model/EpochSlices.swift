/// Which samples each epoch of a run sees: all of them, or with `stepsPerEpoch` the next ones of a pass over the data.
///
/// As in Keras, an epoch of fewer steps than the data has batches goes on where the one before it has ended. A pass ends with its
/// last batch, and so does the epoch at hand, whether it has had all its steps or not; the next epoch begins a new pass.
struct EpochSlices: Sendable, Hashable {
    /// The samples of the data.
    let sampleCount: Int
    let batchSize: Int
    /// The steps of an epoch, if they were given: at least 1.
    let steps: Int?
    /// The epochs done before the run, which begins a pass of its own.
    let initialEpoch: Int

    /// The samples of an epoch; the last of a pass may have fewer.
    var epochCount: Int {
        guard let steps else { return sampleCount }
        let (count, overflow) = steps.multipliedReportingOverflow(by: batchSize)
        return overflow ? sampleCount : min(count, sampleCount)
    }

    /// The steps of an epoch; the last of a pass may have fewer.
    var epochSteps: Int { epochCount / batchSize + (epochCount.isMultiple(of: batchSize) ? 0 : 1) }

    /// The epochs of a pass.
    var passLength: Int {
        guard epochCount > 0 else { return 1 }
        return sampleCount / epochCount + (sampleCount.isMultiple(of: epochCount) ? 0 : 1)
    }

    /// Whether the last epoch of a pass has fewer steps than were asked for.
    var runsShort: Bool {
        let batches = sampleCount / batchSize + (sampleCount.isMultiple(of: batchSize) ? 0 : 1)
        return steps.map { !batches.isMultiple(of: $0) } ?? false
    }

    /// The pass that an epoch belongs to: what the order of its samples is made from. Without `steps` it is the epoch itself.
    func pass(ofEpoch epoch: Int) -> Int { initialEpoch + 1 + index(of: epoch) / passLength }

    /// The samples of an epoch, as places in the order of its pass.
    func samples(ofEpoch epoch: Int) -> Range<Int> {
        let start = index(of: epoch) % passLength * epochCount
        return start..<min(start + epochCount, sampleCount)
    }

    /// The epochs of the run before this one.
    private func index(of epoch: Int) -> Int { max(epoch - 1 - initialEpoch, 0) }
}
