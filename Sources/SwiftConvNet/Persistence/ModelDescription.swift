/// The version of this library, as files record it.
package enum LibraryVersion {
    /// Major, minor and patch, as the version's tag has them.
    package static let current = "0.1.0"
}

/// All that a model's file holds besides numbers: the metadata of a safetensors file, in which every value is text.
///
/// | key | content |
/// |---|---|
/// | `format`, `format_version` | `swiftconvnet.model`, `3` (`1` and `2` are read, too) |
/// | `library_version` | the version that wrote the file |
/// | `class` | `Sequential` or `Model` |
/// | `name`, `seed` | the model's |
/// | `architecture` | the graph, in JSON: see `Graph` |
/// | `class_names` | the names of the classes, a list in JSON; if the model has any |
/// | `compilation` | losses, metrics, optimizer, what else belongs to an update, and the names of frozen layers, in JSON; if the model was compiled |
/// | `optimizer_state` | steps and batches done, and the learning rate set in place of the optimizer's, in JSON; if it was saved |
///
/// Keys of JSON objects are sorted, so that the same model gives the same bytes.
package struct ModelDescription {
    package static let format = "swiftconvnet.model"
    static let formatVersion = "3"
    /// The versions that can be read. In version 1 the metric "Accuracy" was the one that chooses; before version 3 each layer
    /// was applied once.
    private static let readableVersions = ["1", "2", formatVersion]
    /// Where a decoder finds the version of the file that it reads.
    static let versionKey = CodingUserInfoKey(rawValue: "SwiftConvNet.formatVersion").unsafelyUnwrapped

    /// Losses, metrics and optimizer, each in the box of its open set, and the layers that do not learn.
    ///
    /// A model with one output has a `loss` and `metrics`, one with several has `losses` and `outputMetrics`, each with the name of
    /// its output. A metric with `"weighted": true` counts the weights of samples.
    struct CodedCompilation: Codable {
        private enum Keys: String, CodingKey {
            case loss, metrics, losses, outputMetrics, optimizer, update, frozen
        }
        private enum OutputKeys: String, CodingKey { case output, weight, weighted }

        struct CodedLoss {
            let output: String?
            let weight: Float
            let loss: any Loss
        }

        struct CodedMetric {
            let output: String?
            let compiled: CompiledMetric

            init(output: String?, compiled: CompiledMetric) {
                self.output = output
                self.compiled = compiled
            }

            init(output: String?, from decoder: any Decoder) throws {
                let keys = try decoder.container(keyedBy: OutputKeys.self)
                self.output = output
                compiled = CompiledMetric(
                    metric: try OpenSet.metrics.decode(from: decoder),
                    isWeighted: try keys.decodeIfPresent(Bool.self, forKey: .weighted) ?? false
                )
            }

            func encode(to encoder: any Encoder) throws {
                var keys = encoder.container(keyedBy: OutputKeys.self)
                if let output { try keys.encode(output, forKey: .output) }
                if compiled.isWeighted { try keys.encode(true, forKey: .weighted) }
                try OpenSet.metrics.encode(compiled.metric, to: encoder)
            }
        }

        let losses: [CodedLoss]
        let metrics: [CodedMetric]
        let optimizer: any Optimizer
        let update: UpdateRule
        /// By their names.
        let frozen: [String]

        init(_ compilation: Compilation, of graph: Graph) {
            let terms = compilation.criteria.objective.terms
            let isPlain = graph.outputs.count == 1 && terms.allSatisfy { $0.factor == 1 }
            let names: [String?] = isPlain ? [nil] : graph.outputNames
            losses = terms.map {
                CodedLoss(output: names[$0.output], weight: $0.factor, loss: $0.loss)
            }
            metrics = zip(names, compilation.criteria.metrics).flatMap { name, metrics in
                metrics.map { CodedMetric(output: name, compiled: $0) }
            }
            frozen = compilation.frozen.sorted().map { graph.layers[$0].name }
            optimizer = compilation.optimizer.optimizer
            update = compilation.optimizer.rule
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            optimizer = try OpenSet.optimizers.decode(from: container.superDecoder(forKey: .optimizer))
            func list<Value>(_ key: Keys, _ decode: (any Decoder) throws -> Value) throws -> [Value] {
                var list = try container.nestedUnkeyedContainer(forKey: key)
                var values: [Value] = []
                while !list.isAtEnd { values.append(try decode(list.superDecoder())) }
                return values
            }
            if container.contains(.losses) {
                losses = try list(.losses) {
                    let keys = try $0.container(keyedBy: OutputKeys.self)
                    return CodedLoss(
                        output: try keys.decode(String.self, forKey: .output),
                        weight: try keys.decode(Float.self, forKey: .weight),
                        loss: try OpenSet.losses.decode(from: $0)
                    )
                }
                metrics = try list(.outputMetrics) {
                    let keys = try $0.container(keyedBy: OutputKeys.self)
                    return try CodedMetric(output: keys.decode(String.self, forKey: .output), from: $0)
                }
            } else {
                let loss = try OpenSet.losses.decode(from: container.superDecoder(forKey: .loss))
                losses = [CodedLoss(output: nil, weight: 1, loss: loss)]
                metrics = try list(.metrics) { try CodedMetric(output: nil, from: $0) }
            }
            update = try container.decodeIfPresent(UpdateRule.self, forKey: .update) ?? UpdateRule()
            frozen = try container.decodeIfPresent([String].self, forKey: .frozen) ?? []
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try OpenSet.optimizers.encode(optimizer, to: container.superEncoder(forKey: .optimizer))
            if let loss = losses.first, loss.output == nil {
                try OpenSet.losses.encode(loss.loss, to: container.superEncoder(forKey: .loss))
                var list = container.nestedUnkeyedContainer(forKey: .metrics)
                for metric in metrics { try metric.encode(to: list.superEncoder()) }
            } else {
                var list = container.nestedUnkeyedContainer(forKey: .losses)
                for loss in losses {
                    let encoder = list.superEncoder()
                    var keys = encoder.container(keyedBy: OutputKeys.self)
                    try keys.encode(loss.output, forKey: .output)
                    try keys.encode(loss.weight, forKey: .weight)
                    try OpenSet.losses.encode(loss.loss, to: encoder)
                }
                var others = container.nestedUnkeyedContainer(forKey: .outputMetrics)
                for metric in metrics { try metric.encode(to: others.superEncoder()) }
            }
            if update != UpdateRule() { try container.encode(update, forKey: .update) }
            if !frozen.isEmpty { try container.encode(frozen, forKey: .frozen) }
        }

        /// Losses and metrics for the outputs of a graph.
        ///
        /// - Throws: `ConvNetError` of kind `argument` for a name that no output has, or two losses of one output.
        func criteria(for graph: Graph) throws -> Criteria {
            func own(_ isWeighted: Bool) -> [CodedMetric] {
                metrics.filter { $0.compiled.isWeighted == isWeighted }
            }
            if let only = losses.first, only.output == nil {
                return Criteria(
                    loss: only.loss,
                    metrics: own(false).map(\.compiled.metric),
                    weightedMetrics: own(true).map(\.compiled.metric),
                    outputCount: graph.outputs.count
                )
            }
            func byName<Value>(_ pairs: [(String?, Value)]) -> [String: [Value]] {
                Dictionary(grouping: pairs, by: { $0.0 ?? "" }).mapValues { $0.map(\.1) }
            }
            let losses = byName(losses.map { ($0.output, $0) })
            if let twice = losses.first(where: { $0.value.count > 1 }) {
                throw ConvNetError(.format, "An output has two losses", at: twice.key, expected: "one")
            }
            return try Criteria(
                losses: losses.compactMapValues { $0.first?.loss },
                weights: losses.compactMapValues { $0.first?.weight },
                metrics: byName(own(false).map { ($0.output, $0.compiled.metric) }),
                weightedMetrics: byName(own(true).map { ($0.output, $0.compiled.metric) }),
                outputs: graph.outputNames
            )
        }
    }

    /// What an optimizer keeps besides its slots.
    struct CodedOptimizerState: Codable {
        let step: Int
        /// Not in files of the versions 1 and 2, where it was the number of steps.
        let batchesDone: Int?
        /// The rate that was set in place of the optimizer's own.
        let learningRate: Float?
        /// The optimizer's scalars, if it has any.
        let scalars: [ExactNumber]?
    }

    var isSequential: Bool
    var name: String
    var seed: UInt64
    var graph: Graph
    var classNames: [String]?
    var compilation: CodedCompilation?
    var optimizerState: CodedOptimizerState?
}

extension ModelDescription {
    private enum Key: String {
        case format
        case formatVersion = "format_version"
        case libraryVersion = "library_version"
        case modelClass = "class"
        case name, seed, architecture, compilation
        case classNames = "class_names"
        case optimizerState = "optimizer_state"
    }

    /// The description as metadata of a file in some format that holds a model.
    func metadata(format: String = format) throws -> [String: String] {
        var words: [Key: String] = [
            .format: format, .formatVersion: Self.formatVersion, .libraryVersion: LibraryVersion.current,
            .modelClass: isSequential ? "Sequential" : "Model", .name: name, .seed: String(seed),
            .architecture: try Self.encode(graph, at: Key.architecture.rawValue),
        ]
        if let classNames { words[.classNames] = try Self.encode(classNames, at: Key.classNames.rawValue) }
        if let compilation {
            // Without its state the optimizer starts afresh, at step 0.
            words[.compilation] = try Self.encode(
                compilation,
                at: Key.compilation.rawValue,
                step: optimizerState?.step ?? 0
            )
        }
        if let optimizerState {
            words[.optimizerState] = try Self.encode(optimizerState, at: Key.optimizerState.rawValue)
        }
        return Dictionary(uniqueKeysWithValues: words.map { ($0.key.rawValue, $0.value) })
    }

    /// Reads the description of the model that a file holds.
    ///
    /// - Throws: `ConvNetError` of kind `format` that names what is missing, unknown or wrong.
    init(_ file: SafeTensors, customTypes: CustomTypes, format: String = format) throws {
        func word(_ key: Key) throws -> String {
            guard let text = file.metadata[key.rawValue] else {
                throw ConvNetError(
                    .format,
                    "The model's file lacks metadata",
                    at: key.rawValue,
                    expected: "\"\(key.rawValue)\""
                )
            }
            return text
        }
        func decode<Value: Decodable>(_ key: Key) throws -> Value {
            try StableJSON.decode(
                Value.self,
                from: try word(key).utf8,
                at: "metadata \"\(key.rawValue)\"",
                userInfo: [
                    CustomTypes.userInfoKey: customTypes, Self.versionKey: try word(.formatVersion),
                    UserActivation.Coding.userInfoKey: UserActivation.Coding {
                        try OpenSet.activations.decode(from: $0)
                    },
                ]
            )
        }
        guard file.metadata[Key.format.rawValue] == format else {
            throw ConvNetError(
                .format,
                "The file holds no model of this library",
                at: "metadata \"format\"",
                expected: "\"\(format)\"",
                received: file.metadata[Key.format.rawValue].map { "\"\($0)\"" } ?? "nothing",
                remedy: file.metadata[Key.format.rawValue] == NonFiniteCase.format
                    ? "Open the case of a batch that went wrong by NonFiniteCase(contentsOf:), or run mnist replay"
                    : "For weights alone, build the model and call loadWeights(from:)"
            )
        }
        guard Self.readableVersions.contains(try word(.formatVersion)) else {
            throw ConvNetError(
                .format,
                "The file's format is of another version",
                at: "metadata \"format_version\"",
                expected: Self.readableVersions.map { "\"\($0)\"" }.joined(separator: " or "),
                received: "\"\(try word(.formatVersion))\"",
                remedy:
                    "Use the version of the library that wrote it, \(file.metadata[Key.libraryVersion.rawValue] ?? "unknown")"
            )
        }
        switch try word(.modelClass) {
        case "Sequential": isSequential = true
        case "Model": isSequential = false
        case let other:
            throw ConvNetError(
                .format,
                "An unknown class of model",
                at: "metadata \"class\"",
                expected: "Sequential or Model",
                received: "\"\(other)\""
            )
        }
        guard let seed = UInt64(try word(.seed)) else {
            throw ConvNetError(
                .format,
                "Not a seed",
                at: "metadata \"seed\"",
                expected: "a whole number of 64 bits",
                received: "\"\(try word(.seed))\""
            )
        }
        self.seed = seed
        name = try word(.name)
        graph = try decode(.architecture)
        classNames = file.metadata[Key.classNames.rawValue] == nil ? nil : try decode(.classNames)
        compilation = file.metadata[Key.compilation.rawValue] == nil ? nil : try decode(.compilation)
        optimizerState = file.metadata[Key.optimizerState.rawValue] == nil ? nil : try decode(.optimizerState)
        if let optimizerState {
            let rate = optimizerState.learningRate ?? 0
            let counts = [optimizerState.step, optimizerState.batchesDone ?? 0]
            guard compilation != nil, counts.allSatisfy((0...(1 << 53)).contains), rate >= 0, rate.isFinite
            else {
                throw ConvNetError(
                    .format,
                    "The optimizer's state cannot be",
                    at: "metadata \"optimizer_state\"",
                    expected: "a compilation, numbers of at least 0, a finite learning rate of at least 0",
                    received:
                        "\(compilation == nil ? "no" : "a") compilation, the numbers \(counts), "
                        + "the learning rate \(optimizerState.learningRate.map { "\($0)" } ?? "of the optimizer")"
                )
            }
        }
    }

    /// The layers that did not learn, by their index in the graph.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the graph has no layer of a name.
    func frozenLayers() throws -> Set<Int> {
        let indices = Dictionary(
            uniqueKeysWithValues: graph.layers.enumerated().map { ($1.name, $0) }
        )
        return Set(
            try (compilation?.frozen ?? []).map { name in
                guard let index = indices[name] else {
                    throw ConvNetError(
                        .format,
                        "A layer is said to be frozen that there is not",
                        at: "metadata \"compilation\"",
                        expected: "the name of a layer",
                        received: "\"\(name)\""
                    )
                }
                return index
            }
        )
    }

    /// A value as JSON.
    ///
    /// - Parameters:
    ///   - key: what errors name.
    ///   - step: that of the optimizer, at which a schedule by closure is written.
    static func encode(_ value: some Encodable, at key: String, step: Int? = nil) throws -> String {
        do {
            return try StableJSON.text(of: value, userInfo: step.map { [LearningRate.stepKey: $0] } ?? [:])
        } catch let error as EncodingError {
            guard case .invalidValue(let value, let context) = error else { throw error }
            let place = text(of: context.codingPath)
            throw ConvNetError(
                .argument,
                "The model cannot be written as JSON: \(context.debugDescription)",
                at: place.isEmpty ? key : "\(key), \(place)",
                received: "\(value)"
            )
        }
    }
}
