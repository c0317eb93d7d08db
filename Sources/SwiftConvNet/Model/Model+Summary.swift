import Foundation

extension Model {
    /// A table of the layers with their output shapes and parameters, and the totals below: Keras' `summary()`, as text.
    ///
    /// ```
    /// Model: "sequential"
    /// ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
    /// ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
    /// ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
    /// │ conv2d (Conv2D)                 │ (None, 26, 26, 32)     │           320 │
    /// ```
    ///
    /// Networks that are no chain have a column with what each layer reads, wherever it is applied. `None` is the batch axis. The
    /// parameters of a compiled model's optimizer, its slots, its step and its learning rate, are part of the total.
    ///
    /// - Parameters:
    ///   - batchSize: if it is given, the table has the path by which each layer is computed in such a batch, and the
    ///     memory follows that a batch needs.
    ///   - lineLength: the characters of a line; if it is not given, those that Keras takes on a terminal of 80, and
    ///     more for further columns.
    ///   - characters: the characters of lines and signs; unless given, what the locale of the process can show.
    /// - Throws: `ConvNetError` of kind `argument` if a number is out of its range.
    public func summary(
        batchSize: Int? = nil,
        lineLength: Int? = nil,
        characters: TerminalCharacters = .current
    ) throws -> String {
        let isChain = graph.nodes.enumerated().allSatisfy { place, node in
            node.inputs == (place == 0 ? [] : [Graph.Source(place - 1)]) && node.layer == place
        }
        // Shares of the line, Keras' for its own columns; a column more leaves them less of it.
        var columns: [SummaryTable.Column] =
            isChain
            ? [.init(title: "Layer (type)", end: 0.45), .init(title: "Output Shape", end: 0.8)]
                + [.init(title: "Param #", alignment: .right, end: 1)]
            : [.init(title: "Layer (type)", end: 0.3), .init(title: "Output Shape", end: 0.56)]
                + [
                    .init(title: "Param #", alignment: .right, end: 0.74),
                    .init(title: "Connected to", end: 1),
                ]
        var implementations: [String]?
        if let batchSize {
            columns = columns.map { .init(title: $0.title, alignment: $0.alignment, end: $0.end * 0.78) }
            columns.append(.init(title: "Computed by", end: 1))
            implementations = try self.implementations(batchSize: batchSize)
        }
        var table = try SummaryTable(columns, lineLength: lineLength ?? (columns.count == 3 ? 76 : 100))

        func list(_ texts: [String]) -> String { texts.isEmpty ? "-" : texts.joined(separator: ", ") }
        for (index, named) in graph.layers.enumerated() {
            // As in Keras, a Sequential does not show its input.
            if self is Sequential, named.layer is InputLayer { continue }
            let places = graph.nodes.indices.filter { graph.nodes[$0].layer == index }
            let count = graph.parameters.reduce(0) {
                $0 + ($1.layer == index ? $1.spec.shape.elementCount : 0)
            }
            var cells = [
                "\(named.name) (\(type(of: named.layer).kind))",
                list(
                    zip(graph.nodes[places[0]].outputShapes, graph.nodes[places[0]].flexibleAxes)
                        .map(Self.text)
                ), Self.grouped(count),
            ]
            if !isChain { cells.append(list(places.flatMap { graph.nodes[$0].inputs.map(graph.name(of:)) })) }
            if let implementations {
                cells.append(list(unique(places.map { implementations[$0] }.filter { !$0.isEmpty })))
            }
            table.append(cells)
        }
        let lines =
            ["Model: \"\(name)\""] + table.lines + totals
            + (try batchSize.map { try memoryLines(batchSize: $0) } ?? [])
        return characters.shown(lines.joined(separator: "\n"))
    }

    /// A shape as Keras shows it: `(None, 26, 26, 32)`.
    private static func text(of shape: Shape, flexibleAxes: Set<Int>) -> String {
        let sizes = shape.enumerated().map { flexibleAxes.contains($0) ? "None" : "\($1)" }
        return "(" + (["None"] + sizes).joined(separator: ", ") + ")"
    }

    /// The lines that count parameters.
    private var totals: [String] {
        func line(_ title: String, _ count: Int) -> String {
            " \(title) params: \(Self.grouped(count)) (\(Self.bytes(count * MemoryLayout<Float>.stride)))"
        }
        let trainable = trainableParameterCount
        let optimizer = compilation.map { compilation in
            let state = compilation.optimizer
            return state.layout.slots.reduce(0) { $0 + $1.range.count } + state.optimizer.scalars.count + 2
        }
        return [
            line("Total", parameterCount + (optimizer ?? 0)), line("Trainable", trainable),
            line("Non-trainable", parameterCount - trainable),
        ] + (optimizer.map { [line("Optimizer", $0)] } ?? [])
    }

    /// The lines about memory: of training, if the model is compiled, and of inference.
    private func memoryLines(batchSize: Int) throws -> [String] {
        func line(_ title: String, _ mode: Site.Mode) throws -> String {
            let memory = try plannedMemory(batchSize: batchSize, for: mode)
            let workers = "\(memory.workerCount) " + (memory.workerCount == 1 ? "worker" : "workers")
            return " \(title) memory at batch size \(batchSize): \(Self.bytes(memory.total)) = "
                + "\(Self.bytes(memory.arena + memory.prepared)) + \(workers) × (\(Self.bytes(memory.tile)) + \(Self.bytes(memory.scratch)))"
        }
        return try (compilation == nil ? [] : [line("Training", .training)]) + [line("Inference", .inference)]
    }

    /// How each layer is computed: in training if the model is compiled, else in inference.
    private func implementations(batchSize: Int) throws -> [String] {
        let mode = compilation == nil ? Site.Mode.inference : .training
        return implementations(of: try plan(batchSize: batchSize, for: mode))
    }

    /// How each layer is computed by a plan; of layers that run as one, the first says it.
    func implementations(of plan: Plan) -> [String] {
        var implementations = [[String]](repeating: [], count: graph.nodes.count)
        for (operation, name) in zip(plan.graph.operations, plan.implementations) where !name.isEmpty {
            if let node = operation.node { implementations[node].append(name) }
        }
        return implementations.map { $0.joined(separator: ", ") }
    }

    /// Texts without those that are there already.
    private func unique(_ texts: [String]) -> [String] {
        texts.enumerated().filter { place, text in !texts[..<place].contains(text) }.map(\.element)
    }

    /// 225034 as `225,034`.
    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.map { place in
            (place > 0 && (digits.count - place) % 3 == 0 ? "," : "") + String(digits[place])
        }.joined()
    }

    /// 900136 as `879.04 KB`: Keras' units (`readable_memory_size`).
    private static func bytes(_ count: Int) -> String {
        let units = ["B", "KB", "MB", "GB", "TB", "PB"]
        var size = Double(count), unit = 0
        while size >= 1024, unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        return String(format: "%.2f ", size) + units[unit]
    }
}
