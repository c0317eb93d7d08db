import Foundation

/// The record of a training run: what it was made of, what it came to, and the digests by which a repetition can be
/// compared with it. A JSON file beside what the run has left.
///
/// ```swift
/// let manifest = try RunManifest(of: model, history, epochs: 5, batchSize: 128, data: digest)
/// try manifest.write(to: "run.json")
/// ```
///
/// The same run, with an equal `key`, comes to equal figures and the same `weights`, to the bit.
public struct RunManifest: Sendable, Hashable, Codable {
    /// Where a run has taken place.
    public struct Machine: Sendable, Hashable, Codable {
        /// The model of the processor; empty if the system does not say.
        public let processor: String
        /// The Swift compiler that built the library: `6.3`.
        public let swift: String
        /// What the OpenBLAS in use says of itself.
        public let openBLAS: String

        /// The machine and the libraries of this process.
        public static var current: Machine {
            Machine(
                processor: processorName,
                swift: swiftVersion,
                openBLAS: OpenBLAS.configuration
            )
        }
    }

    /// The figures of an epoch.
    public struct Epoch: Sendable, Hashable, Codable {
        /// The epoch; the first is 1.
        public let epoch: Int
        /// Loss and metrics by name. Decimal numbers with all their digits: they come back as they were.
        public let figures: [String: Double]
        /// The learning rate of the last step.
        public let learningRate: Float
    }

    /// `swiftconvnet.run`.
    public let format: String
    /// The version of the format: 1.
    public let formatVersion: Int
    /// What the bits of the run depend on.
    public let key: ReproducibilityKey
    /// Where the run took place.
    public let machine: Machine
    /// The SHA-256 of the data, in hexadecimal, as the program that ran made it.
    public let data: String
    /// The layers and how they are connected, in JSON.
    public let architecture: String
    /// Loss, metrics and optimizer, in JSON.
    public let compilation: String
    /// The number of epochs that were asked for.
    public let epochs: Int
    /// The figures of each epoch.
    public let history: [Epoch]
    /// Why training ended before its last epoch, if it did.
    public let stopReason: String?
    /// The SHA-256 of all parameters, in hexadecimal: see `Model.parameterDigest`.
    public let weights: String
    /// Whatever else the program needs to do it again, such as its options.
    public let settings: [String: String]

    /// The record of a run that has just ended.
    ///
    /// - Parameters:
    ///   - model: the model that was trained.
    ///   - history: what `fit` returned.
    ///   - epochs: the number of epochs that were asked for.
    ///   - batchSize: the samples of one step.
    ///   - data: the SHA-256 of the data, in hexadecimal.
    ///   - settings: whatever else the program needs to do it again.
    /// - Throws: `ConvNetError` of kind `state` if the model is not compiled; what a user's type throws while it is
    ///   encoded.
    public init(
        of model: Model,
        _ history: History,
        epochs: Int,
        batchSize: Int,
        data: String,
        settings: [String: String] = [:]
    ) throws {
        format = Self.format
        formatVersion = Self.formatVersion
        key = ReproducibilityKey(model, batchSize: batchSize)
        machine = .current
        self.data = data
        architecture = try StableJSON.text(of: model.graph)
        compilation = try StableJSON.text(
            of: ModelDescription.CodedCompilation(model.compiled(for: "RunManifest"), of: model.graph)
        )
        self.epochs = epochs
        self.history = history.epochs.map { record in
            let figures = zip(record.values.names, record.values.values)
            return Epoch(
                epoch: record.epoch,
                figures: Dictionary(figures) { first, _ in first },
                learningRate: record.learningRate
            )
        }
        stopReason = history.stopReason
        weights = model.parameterDigest
        self.settings = settings
    }
}

extension RunManifest {
    private static let format = "swiftconvnet.run", formatVersion = 1
    /// The largest file that is read.
    private static let sizeLimit = 1 << 26

    /// Writes the record as JSON, whole or not at all.
    ///
    /// - Throws: `ConvNetError` of kind `file`; then an old file is still there.
    public func write(to path: String) throws {
        let encoder = StableJSON.encoder()
        encoder.outputFormatting.insert(.prettyPrinted)
        try AtomicFile.write(String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }

    /// Reads a record.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read, of kind `format` if it is no record of a run.
    public init(contentsOf path: String) throws {
        struct Head: Decodable {
            let format: String
            let formatVersion: Int
        }
        let bytes = try FileContents.read(path, limit: Self.sizeLimit)
        if let error = FileKind.mismatch(.json, bytes, at: path, expected: "a record as run.json") {
            throw error
        }
        let head = try StableJSON.decode(Head.self, from: bytes, at: path)
        guard head.format == Self.format, head.formatVersion == Self.formatVersion else {
            throw ConvNetError(
                .format,
                "The file is no record of a run that this version can read",
                at: path,
                expected: "\(Self.format), version \(Self.formatVersion)",
                received: "\(head.format), version \(head.formatVersion)"
            )
        }
        self = try StableJSON.decode(RunManifest.self, from: bytes, at: path)
    }

    /// How a repetition differs from this run: what it was made of, and what it came to.
    ///
    /// - Returns: `causes`, the differences of key, data, model and settings of training, for which other bits are no
    ///   wonder; and `results`, the differences of figures and weights. A line each.
    public func differences(to other: RunManifest) -> (causes: [String], results: [String]) {
        var causes = key.differences(to: other.key)
        func compare(_ name: String, _ first: some Equatable, _ second: some Equatable) {
            if "\(first)" != "\(second)" { causes.append("\(name): \(first), then \(second)") }
        }
        compare("data", data, other.data)
        compare("architecture", architecture, other.architecture)
        compare("compilation", compilation, other.compilation)
        compare("epochs", epochs, other.epochs)
        var results: [String] = []
        if history.count != other.history.count {
            results.append("number of epochs done: \(history.count), then \(other.history.count)")
        }
        for (first, second) in zip(history, other.history) {
            for name in Set(first.figures.keys).union(second.figures.keys).sorted() {
                let before = first.figures[name], after = second.figures[name]
                guard before?.bitPattern != after?.bitPattern else { continue }
                let texts = [before, after].map { $0.map { "\($0)" } ?? "none" }
                results.append("epoch \(first.epoch), \(name): \(texts[0]), then \(texts[1])")
            }
        }
        if weights != other.weights {
            results.append("digest of the weights: \(weights), then \(other.weights)")
        }
        return (causes, results)
    }
}

extension Model {
    /// The SHA-256, in hexadecimal, of all parameters and moving statistics: of their values as little-endian `Float`s,
    /// one parameter after the other in the order of `parameters`.
    public var parameterDigest: String {
        CheckpointSection(name: "", content: .floats(store.segments)).digest
            .description
    }
}

/// The compiler's version, as far as a program can know it.
private var swiftVersion: String {
    #if compiler(>=6.4)
        "6.4 or later"
    #elseif compiler(>=6.3)
        "6.3"
    #else
        "6.2"
    #endif
}

/// The processor, by what the system calls it.
private var processorName: String {
    guard let bytes = try? FileContents.read("/proc/cpuinfo", limit: 1 << 24) else { return "" }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first {
        $0.hasPrefix("model name")
    }
    return line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) ?? ""
}
