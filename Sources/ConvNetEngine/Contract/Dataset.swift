/// Random access to samples, each of several named fields.
///
/// Samples are read while a batch is gathered, by several threads at once and in any order; so a dataset can keep its samples in
/// a compact form, or in a file, and make numbers of them here. `SampleDataset` is the easy form, for one input and one target.
public protocol Dataset: Sendable {
    /// The number of samples.
    var count: Int { get }
    /// The parts of each sample, always the same.
    var fields: [Field] { get }
    /// Whether targets are in memory. `fit` then checks all of them before its first step; else each is checked when its batch is
    /// read. The default is no.
    var hasTargetsInMemory: Bool { get }

    /// How many batches are read on threads of their own before they are needed, at least 0. The default is 0: the threads that
    /// compute read each batch when it is due, which is best for samples in memory. Files are worth reading ahead.
    var readsAhead: Int { get }
    /// The names of the classes, in the order of their numbers, if there are any. `fit` keeps them with a model that has none.
    /// The default is `nil`.
    var classNames: [String]? { get }
    /// What, besides their number, shapes and labels, makes the samples what they are: the settings of a wrapper, the digest of a
    /// list of files. A checkpoint goes on only with the same. The default is `nil`.
    var identity: String? { get }

    /// Writes the fields of sample `index` (in `0..<count`) that `sample` asks for.
    ///
    /// What is written depends on `index` and `reading` alone: then a run that is resumed, or computed by more threads, sees the same
    /// bits. May ask a `Predictor`, on the thread that calls, but not the model that is reading the batch.
    ///
    /// - Parameters:
    ///   - index: the sample.
    ///   - reading: the epoch that it is read for, and whether it is for training.
    ///   - sample: the places that its fields go to.
    func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws
}

extension Dataset {
    /// No.
    public var hasTargetsInMemory: Bool { false }
    /// 0.
    public var readsAhead: Int { 0 }
    /// None.
    public var classNames: [String]? { nil }
    /// Nothing.
    public var identity: String? { nil }

    /// The class that is one field of a sample.
    ///
    /// - Parameters:
    ///   - field: the index in `fields`.
    ///   - sample: the sample, in `0..<count`.
    ///   - reading: the epoch that it is read for. Default: none.
    /// - Throws: what the dataset throws while it reads; `ConvNetError` of kind `argument` if there is no such class.
    public func label(_ field: Int, of sample: Int, in reading: Reading = .plain) throws -> Int32 {
        try check(field, of: sample, isLabel: true, count: 1)
        return try withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { label in
            label.initialize(repeating: 0)
            try read(
                sample,
                in: reading,
                field,
                to: .init(address: label.baseAddress, count: 1, isLabel: true)
            )
            return label[0]
        }
    }

    /// Writes the values of one field of a sample.
    ///
    /// - Parameters:
    ///   - field: the index in `fields`.
    ///   - sample: the sample, in `0..<count`.
    ///   - reading: the epoch that it is read for. Default: none.
    ///   - destination: as many places as the field has elements.
    /// - Throws: what the dataset throws while it reads; `ConvNetError` of kind `argument` if there are no such values.
    public func readValues(
        _ field: Int,
        of sample: Int,
        in reading: Reading = .plain,
        into destination: UnsafeMutableBufferPointer<Float>
    ) throws {
        try check(field, of: sample, isLabel: false, count: destination.count)
        let place = SampleWriter.Place(address: destination.baseAddress, count: destination.count)
        try read(sample, in: reading, field, to: place)
    }

    private func check(_ field: Int, of sample: Int, isLabel: Bool, count: Int) throws {
        let fields = fields
        guard fields.indices.contains(field), (0..<self.count).contains(sample),
            (fields[field].element == .int32) == isLabel, fields[field].shape.elementCount == count
        else {
            throw ConvNetError(
                .argument,
                "The dataset has no such \(isLabel ? "class" : "values")",
                at: "field \(field)",
                expected: "one of \(fields), a sample in 0..<\(self.count)",
                received: "\(count) of sample \(sample)"
            )
        }
    }

    private func read(
        _ sample: Int,
        in reading: Reading,
        _ field: Int,
        to place: SampleWriter.Place
    ) throws {
        try withUnsafeTemporaryAllocation(of: SampleWriter.Place.self, capacity: fields.count) { places in
            places.initialize(repeating: SampleWriter.Place())
            places[field] = place
            try read(sample, in: reading, into: SampleWriter(places: places))
        }
    }
}
