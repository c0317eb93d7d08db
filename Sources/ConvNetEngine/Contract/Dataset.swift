/// A named part of a sample: an input of the network, what an output is compared with, or a weight.
public struct Field: Sendable, Hashable {
    /// What a field is for.
    public enum Role: String, Sendable, Hashable, Codable {
        /// It enters the network.
        case input
        /// An output is compared with it.
        case target
        /// The sample's loss is multiplied with it: one number.
        case weight
    }

    /// The name: that of the input, or of the output, of a model with several.
    public let name: String
    /// What it is for.
    public let role: Role
    /// The type of its elements: `float32`, or for targets that are classes `int32`.
    public let element: ElementType
    /// Its shape, without a batch axis; `[]` for a class.
    public let shape: Shape

    /// A field.
    public init(_ name: String, _ role: Role, shape: Shape, element: ElementType = .float32) {
        self.name = name
        self.role = role
        self.shape = shape
        self.element = element
    }

    /// A target that is a class.
    public static func label(_ name: String) -> Field { Field(name, .target, shape: [], element: .int32) }
}

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
    public var hasTargetsInMemory: Bool { false }
}

extension Dataset {
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
        _ field: Int, of sample: Int, into destination: UnsafeMutableBufferPointer<Float>
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
                .argument, "The dataset has no such \(isLabel ? "class" : "values")", at: "field \(field)",
                expected: "one of \(fields), a sample in 0..<\(self.count)",
                received: "\(count) of sample \(sample)")
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

/// Where a dataset writes one sample: a place for each of its fields.
public struct SampleWriter {
    struct Place {
        var address: UnsafeMutableRawPointer?
        var count = 0
        var isLabel = false
    }

    let places: UnsafeMutableBufferPointer<Place>

    /// The places for the elements of field `index` of the dataset's `fields`; `nil` if nobody asks for it now, or it is a class.
    public func values(of index: Int) -> UnsafeMutableBufferPointer<Float>? {
        guard places.indices.contains(index), let address = places[index].address, !places[index].isLabel
        else { return nil }
        return UnsafeMutableBufferPointer(
            start: address.assumingMemoryBound(to: Float.self), count: places[index].count)
    }

    /// The place for the class that is field `index`; `nil` if nobody asks for it now, or it is no class.
    public func label(of index: Int) -> UnsafeMutablePointer<Int32>? {
        guard places.indices.contains(index), places[index].isLabel else { return nil }
        return places[index].address?.assumingMemoryBound(to: Int32.self)
    }
}
