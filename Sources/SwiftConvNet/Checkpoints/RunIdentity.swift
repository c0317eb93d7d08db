/// What makes a run the run it is: a checkpoint goes on only with the same.
///
/// Values of open sets stand here as their JSON, so that a difference can be shown. Samples are told apart by number,
/// shape and labels, not by their content: that would mean to read them all, and a dataset may make them anew each time.
struct RunIdentity: Sendable, Hashable, Codable {
    /// One thing that has to be equal.
    struct Part: Sendable, Hashable, Codable {
        let name: String
        let value: String

        /// Whether a checkpoint says the same. Before there was an element-wise accuracy, "Accuracy" was the name of
        /// the one that chooses.
        func isEqual(to saved: String) -> Bool {
            value == saved
                || name == "the metrics"
                    && value == saved.replacing(#""Accuracy""#, with: #""AutomaticAccuracy""#)
        }
    }

    let parts: [Part]

    init(
        _ run: TrainingRun,
        model: Model,
        training: any Dataset,
        validation: ValidationSet?,
        shuffle: Shuffle,
        weights: SampleWeights,
        nonFinite: NonFinitePolicy
    ) throws {
        let compilation = try model.compiled(for: "fit")
        let graph = model.graph
        var parts: [Part] = []
        func add(_ name: String, _ value: String) { parts.append(Part(name: name, value: value)) }
        for (place, node) in graph.nodes.enumerated() {
            let inputs = node.inputs.map(graph.name(of:)).joined(separator: ", ")
            let layer = try OpenSet.layers.json(of: graph.layer(of: node).layer)
            let isFrozen = compilation.frozen.contains(node.layer)
            let penalty = try graph.layer(of: node).activityRegularizer.map {
                ", activityRegularizer \(try OpenSet.regularizers.json(of: $0))"
            }
            add(
                "layer \(place)",
                "\(node.name)(\(inputs)) \(layer)\(isFrozen ? ", frozen" : "")\(penalty ?? "")"
            )
        }
        add("the output", graph.outputNames.joined(separator: ", "))
        add("the optimizer", try OpenSet.optimizers.json(of: compilation.optimizer.optimizer))
        if compilation.optimizer.rule != UpdateRule() {
            add("the update", try StableJSON.text(of: compilation.optimizer.rule))
        }
        let criteria = compilation.criteria, names = graph.outputNames
        let isPlain = names.count == 1
        let losses = try criteria.objective.terms.map { term in
            let loss = try OpenSet.losses.json(of: term.loss)
            return isPlain && term.factor == 1 ? loss : "\(names[term.output]): \(term.factor) \(loss)"
        }
        let metrics = try zip(names, criteria.metrics).flatMap { name, metrics in
            try metrics.map {
                let weighted = $0.isWeighted ? "weighted " : ""
                return (isPlain ? "" : "\(name): ") + weighted + (try OpenSet.metrics.json(of: $0.metric))
            }
        }
        add("the loss", losses.joined(separator: ", "))
        add("the metrics", metrics.joined(separator: ", "))
        add("the seed", "\(model.seed)")
        // Only where it is given, for the checkpoints of older versions do not say it.
        let steps = run.slices.steps.map { ", \($0) steps an epoch" } ?? ""
        add("the batch size", "\(run.batchSize)\(steps)")
        add("initialEpoch", "\(run.initialEpoch)")
        add("shuffling", "\(shuffle)")
        try add("the training data", Self.describe(training))
        try add("the validation data", validation.map { try Self.describe($0, run) } ?? "none")
        add("the weights of samples", Self.describe(weights))
        // Runs that stop or ignore are the same run until it ends; one that skips is another.
        add("nonFinite", nonFinite == .skipBatch ? "skipBatch" : "stop or ignore")
        self.parts = parts
    }

    /// Checks that a checkpoint belongs to this run.
    ///
    /// - Throws: `ConvNetError` of kind `state` that names the first difference.
    func check(_ saved: RunIdentity, at path: String) throws {
        let names = Set(parts.map(\.name)), savedNames = Set(saved.parts.map(\.name))
        guard names == savedNames else {
            let count = { (names: Set<String>) in names.count { $0.hasPrefix("layer ") } }
            guard count(names) != count(savedNames) else {
                throw Self.differs(
                    "what there is",
                    at: path,
                    saved: savedNames.subtracting(names).sorted().joined(separator: ", "),
                    own: names.subtracting(savedNames).sorted().joined(separator: ", ")
                )
            }
            throw Self.differs(
                "the number of layers",
                at: path,
                saved: "\(count(savedNames))",
                own: "\(count(names))"
            )
        }
        let values = Dictionary(saved.parts.map { ($0.name, $0.value) }) { first, _ in first }
        for part in parts {
            guard let value = values[part.name], !part.isEqual(to: value) else { continue }
            throw Self.differs(part.name, at: path, saved: value, own: part.value)
        }
    }

    private static func differs(_ what: String, at path: String, saved: String, own: String) -> ConvNetError {
        ConvNetError(
            .state,
            "The checkpoint is of another run: it differs in \(what)",
            at: path,
            expected: "\(saved), as when the run began",
            received: own,
            remedy: "Go on with what the run began with, or name another folder"
        )
    }

    /// As a dataset, with the weights that are its own; those of a split are among the training data's.
    private static func describe(_ validation: ValidationSet, _ run: TrainingRun) throws -> String {
        var text = try describe(Subset(validation.dataset, validation.samples))
        if validation.hasOwnWeights { text += ", weights: \(describe(validation.weights))" }
        // What is Keras' default is not said: checkpoints of older versions do not say it either.
        if validation.batchSize != run.batchSize { text += ", in batches of \(validation.batchSize)" }
        switch validation.frequency {
        case .every(1): break
        case .every(let count): text += ", every \(count) epochs"
        case .epochs(let epochs): text += ", after the epochs \(epochs.sorted())"
        }
        return text
    }

    /// `1000 samples [28, 28, 1] with Labels, digest 3f…`.
    private static func describe(_ data: any Dataset) throws -> String {
        let fields = data.fields
        let inputs = fields.filter { $0.role == .input }, others = fields.filter { $0.role != .input }
        let isPlain = inputs.count == 1 && others.count <= 1
        func name(_ field: Field) -> String { isPlain ? "" : "\(field.name) " }
        let shapes = inputs.map { name($0) + "\($0.shape)" }.joined(separator: ", ")
        let targets = others.map { field in
            let kind: TargetKind = field.element == .int32 ? .labels : .values(field.shape)
            return name(field) + "\(kind)"
        }
        var text = "\(data.count) samples \(shapes) with "
        text += targets.isEmpty ? "\(TargetKind.none)" : targets.joined(separator: ", ")
        if let identity = data.identity { text += ", \(identity)" }
        // Enough to tell datasets apart, few enough for data that come from a disk.
        let count = min(data.count, 4096)
        for (index, field) in fields.enumerated() where field.element == .int32 {
            var hash = SHA256()
            for place in 0..<count {
                let label = try data.label(index, of: Int(Double(place) / Double(count) * Double(data.count)))
                hash.update(withUnsafeBytes(of: label.littleEndian) { Array($0) })
            }
            text += ", digest \(hash.digest.description.prefix(16))"
        }
        return text
    }

    private static func describe(_ weights: SampleWeights) -> String {
        guard weights.samples != nil || weights.classes != nil else { return "none" }
        var hash = SHA256()
        for weight in weights.samples ?? [] {
            hash.update(withUnsafeBytes(of: weight.bitPattern.littleEndian) { Array($0) })
        }
        let classes = (weights.classes ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return "digest \(hash.digest.description.prefix(16)), classes [\(classes.joined(separator: ", "))]"
    }
}
