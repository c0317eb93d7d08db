import SwiftConvNet
import TestSupport

/// Pictures that are others in each epoch of training; notes what is read.
struct ChangingDataset: Dataset {
    /// What readers have done.
    struct Notes {
        var readers = 0
        var reads = 0
        var farthest = -1
    }

    let count: Int
    var readsAhead = 0
    var classNames: [String]? = ["none", "one", "two"]
    var identity: String? = "changing"
    /// A sample that cannot be read.
    var broken: Int?
    /// Asked for each sample.
    var predictor: Predictor?
    let notes = Lock(Notes())
    let fields = [Field("input", .input, shape: [8, 8, 1]), .label("target")]

    init(count: Int = 50, readsAhead: Int = 0) {
        self.count = count
        self.readsAhead = readsAhead
    }

    func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        notes.withLock {
            $0.readers += 1
            $0.reads += 1
            $0.farthest = max($0.farthest, index)
        }
        defer { notes.withLock { $0.readers -= 1 } }
        if index == broken { throw ConvNetError(.data, "This sample is broken") }
        if let predictor { _ = try predictor.predict(Tensor(zeros: [1, 8, 8, 1])) }
        sample.label(of: 1)?.pointee = Int32(index % 3)
        guard let values = sample.values(of: 0) else { return }
        var random = RandomStream(seed: 3, purpose: .user, UInt32(index))
        var change = reading.random(index)
        for place in values.indices {
            values[place] = random.nextUniform() + (reading.isTraining ? change.nextUniform() : 0)
        }
    }
}
