/// How the outputs of samples are shared out among workers: by samples, and in a small batch by parts of each sample, so that more
/// than one worker has something to do. A part is made of units that a kernel can make apart: elements, runs, rows of an image.
struct SampleParts: Sendable {
    /// From this batch size on, workers share out the samples.
    static let largeBatch = 8
    /// More parts of a sample serve no one.
    static let most = 8
    /// Elements of a part: with fewer the handing over would count. A guess, which was not tuned.
    private static let minimumElements = 1 << 14

    private let batch: Int
    private let units: Int
    private let count: Int

    /// - Parameters:
    ///   - batch: the number of samples.
    ///   - units: the units of a sample.
    ///   - elements: how many elements are read or written for a sample, whichever is more.
    ///   - most: the most parts that a sample can have.
    init(batch: Int, units: Int, elements: Int, most: Int = .max) {
        self.batch = batch
        self.units = units
        let parts = min(elements / Self.minimumElements, units, most, Self.most)
        count = batch < Self.largeBatch ? max(1, parts) : 1
    }

    /// Parts of some rows of the output each.
    init(rowsOf geometry: WindowGeometry, batch: Int, isDivisible: Bool) {
        self.init(
            batch: batch,
            units: geometry.height.output,
            elements: max(geometry.inputCount, geometry.outputCount),
            most: isDivisible && geometry.isPlane ? .max : 1
        )
    }

    /// A stage whose `body` makes some units of one sample, or all units of all samples of the context. Samples are counted from the one
    /// at which the context's memory begins.
    func stage(
        _ body:
            @escaping @Sendable (_ context: StageContext, _ samples: Range<Int>, _ units: Range<Int>) -> Void
    ) -> Stage {
        guard count > 1 else { return Stage(.samples) { body($0, 0..<$0.count, 0..<units) } }
        return Stage(.tasks(batch * count)) { context in
            let (sample, part) = context.task.quotientAndRemainder(dividingBy: count)
            body(context, sample..<(sample + 1), Self.share(part, of: count, from: units))
        }
    }

    /// Share number `index` of `count` shares that are as equal as can be.
    static func share(_ index: Int, of count: Int, from total: Int) -> Range<Int> {
        (index * total / count)..<((index + 1) * total / count)
    }
}
