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

    /// Writes the fields of sample `index` (in `0..<count`) that `sample` asks for.
    ///
    /// May ask a `Predictor`, on the thread that calls, but not the model that is reading the batch.
    func read(_ index: Int, into sample: SampleWriter) throws
}

extension Dataset {
    /// No.
    public var hasTargetsInMemory: Bool { false }

    /// The class that is one field of a sample.
    ///
    /// - Parameters:
    ///   - field: the index in `fields`.
    ///   - sample: the sample, in `0..<count`.
    /// - Throws: what the dataset throws while it reads; `ConvNetError` of kind `argument` if there is no such class.
    public func label(_ field: Int, of sample: Int) throws -> Int32 {
        try check(field, of: sample, isLabel: true, count: 1)
        return try withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { label in
            label.initialize(repeating: 0)
            try read(sample, field, to: .init(address: label.baseAddress, count: 1, isLabel: true))
            return label[0]
        }
    }

    /// Writes the values of one field of a sample.
    ///
    /// - Parameters:
    ///   - field: the index in `fields`.
    ///   - sample: the sample, in `0..<count`.
    ///   - destination: as many places as the field has elements.
    /// - Throws: what the dataset throws while it reads; `ConvNetError` of kind `argument` if there are no such values.
    public func readValues(
        _ field: Int,
        of sample: Int,
        into destination: UnsafeMutableBufferPointer<Float>
    ) throws {
        try check(field, of: sample, isLabel: false, count: destination.count)
        try read(sample, field, to: .init(address: destination.baseAddress, count: destination.count))
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

    private func read(_ sample: Int, _ field: Int, to place: SampleWriter.Place) throws {
        try withUnsafeTemporaryAllocation(of: SampleWriter.Place.self, capacity: fields.count) { places in
            places.initialize(repeating: SampleWriter.Place())
            places[field] = place
            try read(sample, into: SampleWriter(places: places))
        }
    }
}
