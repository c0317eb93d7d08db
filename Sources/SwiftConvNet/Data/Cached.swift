import CKernels

/// A dataset whose samples are read once and then kept: decoded pictures, say.
///
/// ```swift
/// let kept = try Cached(data)                              // in memory
/// let onDisk = try Cached(data, in: .file("decoded.cache"))
/// ```
///
/// Samples may not depend on the epoch: what changes them at random goes outside, around the cache. A field is kept as bytes where
/// all its values are whole numbers in 0...255, as those of pictures are unless they were resized, and as `Float` otherwise. Nothing
/// is kept before it is read for the first time.
///
/// A file is for data larger than memory; the system keeps what it has room for. It has no name, and is gone with the process.
public struct Cached: Dataset {
    /// Where samples are kept.
    public enum Place: Sendable, Hashable {
        /// In memory.
        case memory
        /// On the disk that holds a path, at which nothing may be.
        case file(String)
    }

    /// The dataset whose samples are kept.
    public let base: any Dataset
    public let fields: [Field]
    public var count: Int { base.count }
    public var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    public var readsAhead: Int { base.readsAhead }
    public var classNames: [String]? { base.classNames }
    public var identity: String? { base.identity }
    private let store: Store

    /// A dataset that keeps the samples of another one.
    ///
    /// - Parameters:
    ///   - base: the dataset.
    ///   - place: where its samples are kept. Default: in memory.
    /// - Throws: `ConvNetError` of kind `argument` if its first sample changes from epoch to epoch; of kind `file` if there is a
    ///   file, or none can be made; of kind `environment` if the samples do not fit the memory, as large as the first one.
    public init(_ base: any Dataset, in place: Place = .memory) throws {
        self.base = base
        fields = base.fields
        try Self.checkIsConstant(base)
        switch place {
        case .memory:
            let all = try Self.keptBytes(of: base).multipliedReportingOverflow(by: base.count)
            try MemoryCheck.require(all.overflow ? .max : all.partialValue, for: "the cache of a dataset")
            store = MemoryStore(count: base.count * fields.count)
        case .file(let path):
            store = try FileStore(path: path, fields: fields, count: base.count)
        }
    }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        for field in fields.indices {
            if let label = sample.label(of: field) {
                label.pointee = try base.label(field, of: index)
            } else if let values = sample.values(of: field) {
                let slot = index * fields.count + field
                guard try !store.read(slot, into: values) else { continue }
                try base.readValues(field, of: index, into: values)
                try store.keep(slot, UnsafeBufferPointer(values))
            }
        }
    }

    /// What the first sample takes when it is kept.
    private static func keptBytes(of base: any Dataset) throws -> Int {
        guard base.count > 0 else { return 0 }
        return try base.fields.enumerated().reduce(0) { sum, field in
            guard field.element.element == .float32 else { return sum }
            let values = try Tensor(shape: field.element.shape) {
                try base.readValues(field.offset, of: 0, into: $0)
            }
            return sum + values.elements.withUnsafeBufferPointer { Kept($0).byteCount }
        }
    }

    /// Reads the first sample as several epochs would.
    private static func checkIsConstant(_ base: any Dataset) throws {
        guard base.count > 0 else { return }
        for (field, part) in base.fields.enumerated() where part.element == .float32 {
            let readings = [Reading.plain] + (1...3).map { Reading(seed: 1, epoch: $0, isTraining: true) }
            let values = try readings.map { reading in
                try Tensor(shape: part.shape) { try base.readValues(field, of: 0, in: reading, into: $0) }
            }
            // As bits, for NaN is not equal to itself.
            let bits = values.map { $0.elements.map(\.bitPattern) }
            guard bits.allSatisfy({ $0 == bits[0] }) else {
                throw ConvNetError(
                    .argument,
                    "Samples that change from epoch to epoch cannot be kept",
                    at: "Cached, field \"\(part.name)\"",
                    expected: "the same sample at each reading",
                    received: "another in each epoch",
                    remedy: "Put the cache inside, and what changes samples around it"
                )
            }
        }
    }
}

/// Keeps the values of slots: one for each field of each sample.
private protocol Store: Sendable {
    /// Writes what was kept to `values`; false if nothing was.
    func read(_ slot: Int, into values: UnsafeMutableBufferPointer<Float>) throws -> Bool
    func keep(_ slot: Int, _ values: UnsafeBufferPointer<Float>) throws
}

/// Values as they are kept.
private enum Kept {
    case bytes([UInt8])
    case floats([Float])

    init(_ values: UnsafeBufferPointer<Float>) {
        let areBytes = values.allSatisfy { value in
            // By bits: a negative zero stays one.
            value >= 0 && value <= 255 && Float(UInt8(value)).bitPattern == value.bitPattern
        }
        self = areBytes ? .bytes(values.map { UInt8($0) }) : .floats(Array(values))
    }

    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .floats(let floats): floats.count * MemoryLayout<Float>.stride
        }
    }

    /// Writes bytes as numbers.
    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to values: UnsafeMutableBufferPointer<Float>) {
        guard let source = bytes.baseAddress, let target = values.baseAddress else { return }
        ck_normalize_u8(source, target, bytes.count, 1, 0)
    }
}

private final class MemoryStore: Store {
    private let slots: Lock<[Kept?]>

    init(count: Int) { slots = Lock(Array(repeating: nil, count: count)) }

    func read(_ slot: Int, into values: UnsafeMutableBufferPointer<Float>) -> Bool {
        switch slots.withLock({ $0[slot] }) {
        case nil: return false
        case .bytes(let bytes): bytes.withUnsafeBufferPointer { Kept.write($0, to: values) }
        case .floats(let floats): _ = values.update(fromContentsOf: floats)
        }
        return true
    }

    func keep(_ slot: Int, _ values: UnsafeBufferPointer<Float>) {
        let kept = Kept(values)
        slots.withLock { $0[slot] = kept }
    }
}

private final class FileStore: Store {
    /// What a slot holds.
    private enum State: UInt8 { case nothing, bytes, floats }

    private let file: ScratchFile
    private let states: Lock<[State]>
    /// Where each field of a sample is in its part of the file, and the size of that.
    private let offsets: [Int]
    private let size: Int

    init(path: String, fields: [Field], count: Int) throws {
        var offsets: [Int] = [], size = 0
        for field in fields {
            offsets.append(size)
            size += field.shape.elementCount * MemoryLayout<Float>.stride
        }
        // Bytes fill the first quarter of their room; the rest takes none on the disk.
        guard !size.multipliedReportingOverflow(by: count).overflow else {
            throw ConvNetError(.environment, "The samples are too large for a file", at: path)
        }
        self.offsets = offsets
        self.size = size
        file = try ScratchFile(path: path)
        states = Lock(Array(repeating: .nothing, count: count * fields.count))
    }

    private func offset(of slot: Int) -> Int {
        slot / offsets.count * size + offsets[slot % offsets.count]
    }

    func read(_ slot: Int, into values: UnsafeMutableBufferPointer<Float>) throws -> Bool {
        switch states.withLock({ $0[slot] }) {
        case .nothing: return false
        case .floats: try file.read(at: offset(of: slot), into: UnsafeMutableRawBufferPointer(values))
        case .bytes:
            try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: values.count) { bytes in
                try file.read(at: offset(of: slot), into: UnsafeMutableRawBufferPointer(bytes))
                Kept.write(UnsafeBufferPointer(bytes), to: values)
            }
        }
        return true
    }

    func keep(_ slot: Int, _ values: UnsafeBufferPointer<Float>) throws {
        let state: State
        switch Kept(values) {
        case .bytes(let bytes):
            state = .bytes
            try bytes.withUnsafeBytes { try file.write($0, at: offset(of: slot)) }
        case .floats(let floats):
            state = .floats
            try floats.withUnsafeBytes { try file.write($0, at: offset(of: slot)) }
        }
        states.withLock { $0[slot] = state }
    }
}
