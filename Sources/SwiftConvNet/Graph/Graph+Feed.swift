extension Graph {
    /// How a dataset feeds the network, for predictions alone or with criteria.
    ///
    /// A field goes to the input, or the output, of its name. With one input and one field for it names do not matter, and
    /// likewise with one output.
    ///
    /// - Throws: `ConvNetError` if the dataset is empty, lacks a field, or one of them does not fit.
    func feed(_ dataset: any Dataset, batchSize: Int, criteria: Criteria?, for call: String) throws -> Feed {
        guard dataset.count > 0 else {
            throw ConvNetError(
                .data,
                "The dataset is empty",
                at: call,
                expected: "at least 1 sample",
                received: "0"
            )
        }
        guard batchSize >= 1 else {
            throw ConvNetError(
                .argument,
                "Not a batch size",
                at: "batchSize",
                expected: "at least 1",
                received: "\(batchSize)"
            )
        }
        let fields = dataset.fields
        let sizes = try sizes(of: dataset, for: call)
        let targets = try outputNames.indices.map { output in
            try target(output, sizes.outputShapes[output], criteria, among: fields, for: call)
        }
        let weights = fields.indices.filter { fields[$0].role == .weight }
        guard weights.count <= 1,
            weights.allSatisfy({ fields[$0].shape.elementCount == 1 && fields[$0].element == .float32 })
        else {
            throw ConvNetError(
                .data,
                "A sample has one weight",
                at: call,
                expected: "at most one field of one number, float32",
                received: "\(weights.map { fields[$0] })"
            )
        }
        return Feed(
            dataset,
            inputs: sizes.fields,
            inputShapes: sizes.inputShapes,
            outputShapes: sizes.outputShapes,
            targets: targets,
            weight: criteria == nil ? nil : weights.first
        )
    }

    /// The fields of a dataset that the inputs read, their shapes as the network sees them, and those of the predictions.
    ///
    /// - Throws: `ConvNetError` if the dataset lacks a field, or one of them does not fit.
    func sizes(of dataset: any Dataset, for call: String) throws -> (
        fields: [Int], inputShapes: [Shape], outputShapes: [Shape]
    ) {
        let fields = dataset.fields
        for field in fields { _ = try field.shape.validated(as: "\(call), \(field.name)") }
        let names = inputNames
        let found = try inputs.indices.map { input in
            let name = names[input]
            guard let field = index(of: name, .input, among: fields, ofOne: inputs.count == 1) else {
                throw lacks(name, "input", .input, fields, call)
            }
            let sample = fields[field].shape
            guard fields[field].element == .float32, let shape = inputShape(input, for: sample) else {
                throw ConvNetError(
                    .shape,
                    "The samples do not fit the model",
                    at: inputs.count == 1 ? call : "\(call), \(name)",
                    expected: "samples of shape \(text(ofInput: input))",
                    received: "\(dataset.count) of shape \(sample)",
                    remedy: remedy(
                        forSamples: sample,
                        count: dataset.count,
                        input: inputShapes[input],
                        offersOne: call == "predict"
                    )
                )
            }
            return (field: field, shape: shape)
        }
        let shapes = found.map(\.shape)
        do {
            return (found.map(\.field), shapes, try outputShapes(for: shapes))
        } catch let error as ConvNetError {
            throw error.located(at: call)
        }
    }

    /// What an output is compared with.
    private func target(
        _ output: Int,
        _ shape: Shape,
        _ criteria: Criteria?,
        among fields: [Field],
        for call: String
    ) throws -> Feed.Target {
        let none = Feed.Target(field: nil, kind: .none, classCount: nil)
        guard let criteria else { return none }
        let loss = criteria.objective.terms.first { $0.output == output }?.loss
        guard loss != nil || !criteria.metrics[output].isEmpty else { return none }
        let names = outputNames
        let found = index(of: names[output], .target, among: fields, ofOne: names.count == 1)
        if found == nil, names.count > 1 { throw lacks(names[output], "output", .target, fields, call) }
        let kind: TargetKind =
            found.map { fields[$0].element == .float32 ? .values(fields[$0].shape) : .labels } ?? .none
        if let found, kind == .labels {
            guard fields[found].element == .int32, fields[found].shape.rank == 0 else {
                throw ConvNetError(
                    .data,
                    "Targets are float32 values, or one class of int32",
                    at: fields[found].name,
                    received: "\(fields[found].element.rawValue) \(fields[found].shape)"
                )
            }
        }
        do { try loss?.validate(output: shape, targets: kind) } catch let error as ConvNetError {
            throw names.count == 1 ? error : error.located(at: names[output])
        }
        return Feed.Target(
            field: found,
            kind: kind,
            classCount: loss == nil
                ? kind == .labels ? shape.last.flatMap { $0 > 1 ? $0 : nil } : nil
                : loss?.classCount(output: shape, targets: kind)
        )
    }

    /// The field of a name, or the only one.
    private func index(of name: String, _ role: Field.Role, among fields: [Field], ofOne isOne: Bool) -> Int?
    {
        let candidates = fields.indices.filter { fields[$0].role == role }
        return isOne && candidates.count == 1
            ? candidates[0] : candidates.first { fields[$0].name == name }
    }

    private func lacks(
        _ name: String,
        _ what: String,
        _ role: Field.Role,
        _ fields: [Field],
        _ call: String
    ) -> ConvNetError {
        let names = fields.filter { $0.role == role }.map(\.name)
        return ConvNetError(
            .data,
            "The dataset has no field for an \(what) of the model",
            at: call,
            expected: "a field \"\(name)\" whose role is \(role.rawValue)",
            received: names.isEmpty ? "none" : names.joined(separator: ", "),
            remedy: "Name the fields as the model does, for example in a TensorDataset"
        )
    }

    /// The shape that samples have where they enter: a last axis of size 1 may be missing, or there may be one too many, as in
    /// Keras; flexible axes have any size. Their numbers are the same, in the same order.
    ///
    /// - Returns: `nil` if such samples cannot enter.
    func inputShape(_ input: Int, for sample: Shape) -> Shape? {
        let shape = nodes[inputs[input]].outputShapes[0]
        // What a service asks for every time.
        if sample == shape { return shape }
        let own = shape.dimensions, flexible = flexibleAxes(ofInput: input)
        let dimensions = sample.dimensions
        let candidates =
            [dimensions, dimensions + [1]] + (dimensions.last == 1 ? [Array(dimensions.dropLast())] : [])
        return candidates.first { candidate in
            candidate.count == own.count
                && own.indices.allSatisfy {
                    candidate[$0] == own[$0] || (flexible.contains($0) && candidate[$0] >= 1)
                }
        }.map { Shape($0) }
    }

    /// The shape of an input as it is written, with a word for axes of any size: `[any, any, 3]`.
    private func text(ofInput input: Int) -> String {
        let flexible = flexibleAxes(ofInput: input), shape = inputShapes[input]
        guard !flexible.isEmpty else { return "\(shape)" }
        let sizes = shape.enumerated().map { flexible.contains($0) ? "any" : "\($1)" }
        return "[\(sizes.joined(separator: ", "))]"
    }

    /// The axes of an input that may have any size.
    private func flexibleAxes(ofInput input: Int) -> [Int] {
        (layer(of: nodes[inputs[input]]).layer as? InputLayer)?.flexibleAxes ?? []
    }
}
