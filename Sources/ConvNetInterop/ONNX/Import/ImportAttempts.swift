/// Tries what the first axis of an ONNX file may mean, and which sizes its open axes may have, until the graph fits.
struct ImportAttempts {
    let file: ONNXFile
    let options: ONNXOptions

    /// Sizes of open axes that are tried, one after the other.
    private static let nominalSizes = [64, 224, 320, 32, 16, 8, 4, 2, 1]

    func run() throws -> ImportedONNX {
        try requireSupported()
        var reasons: [ImportProblem] = [], furthest = -1
        for rule in rules {
            for size in hasOpenAxes(rule) ? Self.nominalSizes : [0] {
                let problems = try attempt(rule, nominal: size)
                if let imported = problems.imported { return imported }
                // The attempt that came furthest tells most: one that stops early sees few nodes, and so few problems.
                if problems.reached > furthest { (reasons, furthest) = (problems.list, problems.reached) }
            }
        }
        throw ImportProblem.error(reasons, at: file.path)
    }

    /// One attempt, and again with inputs as constants that shapes depend on, and with weights that layers share.
    private func attempt(_ rule: SampleRule, nominal: Int) throws -> (
        imported: ImportedONNX?, list: [ImportProblem], reached: Int
    ) {
        var constants: Set<String> = [], sharedWeights: Set<String> = []
        while true {
            let attempt = GraphImport(
                file: file,
                options: options,
                rule: rule,
                nominal: nominal,
                constants: constants,
                sharedWeights: sharedWeights
            )
            let ports = try attempt.run()
            let wanted = attempt.needed.subtracting(constants)
            let shared = attempt.foundShared.subtracting(sharedWeights)
            if !wanted.isEmpty || !shared.isEmpty {
                constants.formUnion(wanted)
                sharedWeights.formUnion(shared)
                continue
            }
            guard let ports, attempt.problems.isEmpty else { return (nil, attempt.problems, attempt.reached) }
            do {
                // A model has an output.
                let values = ports.isEmpty ? [Identity()(attempt.entrances[0])] : ports.map(\.value)
                // An input on which no output depends does not enter the model.
                let used = Self.applications(of: values)
                let entries = zip(attempt.entrances, attempt.inputPorts).filter {
                    used.contains(ObjectIdentifier($0.0.application))
                }
                let model = try Model(
                    uninitialized: entries.map(\.0),
                    outputs: values,
                    name: PathParts.name(of: file.path),
                    options: options.compute
                )
                try attempt.loadWeights(into: model)
                let imported = ImportedONNX(
                    model: model,
                    inputs: entries.map(\.1),
                    outputs: ports.map(\.port),
                    emptyOutputs: attempt.emptyOutputs
                )
                return (imported, [], attempt.reached)
            } catch let error as ConvNetError where error.kind == .shape || error.kind == .argument {
                let problem = ImportProblem(node: "the model", operatorType: "", reason: "\(error)")
                return (nil, [problem], attempt.reached)
            }
        }
    }

    /// All applications of layers on which some outputs depend.
    private static func applications(of outputs: [LayerOutput]) -> Set<ObjectIdentifier> {
        var found: Set<ObjectIdentifier> = []
        var pending = outputs.map(\.application)
        while let next = pending.popLast() {
            if found.insert(ObjectIdentifier(next)).inserted { pending += next.inputs.map(\.application) }
        }
        return found
    }

    private var firstSizes: [ValueInfoProto.Size]? {
        let constants = Set(file.graph.initializers.map(\.name))
        return file.graph.inputs.first { !constants.contains($0.name) }?.sizes
    }

    /// What the first axis may mean, in the order of the attempts.
    private var rules: [SampleRule] {
        guard let sizes = firstSizes, sizes.count > 1, let first = sizes.first, !sizes.contains(.number(0))
        else { return [.none] }
        return switch first {
        case .number(1): [.single, .none]
        case .number: [.strict, .none]
        case .name, .unknown: [.open, .none]
        }
    }

    private func hasOpenAxes(_ rule: SampleRule) -> Bool {
        file.graph.inputs.contains { input in
            (input.sizes ?? []).dropFirst(rule == .open ? 1 : 0).contains {
                if case .number = $0 { false } else { true }
            }
        }
    }

    /// The versions of ONNX' operators that are read. Opset 6 is there for nodes that mean the same in opset 7.
    private static let opsets = 6...Model.onnxOpsets.upperBound

    private func requireSupported() throws {
        let version = file.proto.operatorSets[""] ?? 1
        guard !Self.opsets.contains(version) else { return }
        let isOld = version < Self.opsets.lowerBound, newest = Self.opsets.upperBound
        throw ConvNetError(
            .format,
            "The operators of the file are too \(isOld ? "old" : "new")",
            at: file.path,
            expected: "opset 7 to \(newest)",
            received: "\(version)",
            remedy: isOld
                ? "Convert the file with onnx.version_converter"
                : "Export the file for opset \(newest) or older, or convert it with onnx.version_converter"
        )
    }
}
