/// What a model is made of: a graph, and the objects behind it.
struct Assembly {
    let graph: Graph
    /// Behind the graph's layers.
    let layers: [SharedLayer]
    /// Behind the graph's nodes.
    let applications: [LayerOutput.Application]

    /// All layers on the way from inputs to outputs.
    ///
    /// - Throws: `ConvNetError` as `Graph` throws it, and of kind `argument` if no output depends on an input.
    init(inputs: [LayerOutput], outputs: [LayerOutput]) throws {
        if let odd = inputs.first(where: { !($0.application.layer.layer is InputLayer) }) {
            throw ConvNetError(
                .argument,
                "The input of a model is where samples enter",
                at: "Model(inputs:outputs:)",
                expected: "what Input(shape:) has returned, or the input of another model",
                received: "an output of \(type(of: odd.application.layer.layer).kind)"
            )
        }
        var places: [ObjectIdentifier: Int] = [:]
        var applications: [LayerOutput.Application] = []
        // Depth first, without recursion, for networks may be deep.
        var pending: [LayerOutput.Application] = outputs.reversed().map(\.application)
        while let next = pending.last {
            if places[ObjectIdentifier(next)] != nil {
                pending.removeLast()
                continue
            }
            if let problem = next.problem { throw problem }
            let missing = next.inputs.map(\.application).filter { places[ObjectIdentifier($0)] == nil }
            if missing.isEmpty {
                places[ObjectIdentifier(next)] = applications.count
                applications.append(next)
                pending.removeLast()
            } else {
                pending += missing.reversed()
            }
        }
        let inputPlaces = try inputs.map { input in
            guard let place = places[ObjectIdentifier(input.application)] else {
                throw ConvNetError(
                    .argument,
                    inputs.count == 1
                        ? "The output does not depend on the input" : "No output depends on an input",
                    at: "Model(inputs:outputs:)",
                    remedy: "Pass the Inputs from which the outputs were made"
                )
            }
            return place
        }
        var indices: [ObjectIdentifier: Int] = [:]
        var layers: [SharedLayer] = []
        var names = LayerNames(reserving: applications.filter { $0.nesting == nil }.map(\.layer))
        var named: [Graph.NamedLayer] = []
        for application in applications where indices[ObjectIdentifier(application.layer)] == nil {
            indices[ObjectIdentifier(application.layer)] = layers.count
            layers.append(application.layer)
            named.append(
                Graph.NamedLayer(
                    name: names.name(of: application),
                    layer: application.layer.layer,
                    isTrainable: application.layer.isTrainable,
                    activityRegularizer: application.layer.activityRegularizer
                )
            )
        }
        func source(_ output: LayerOutput) -> Graph.Source {
            Graph.Source(places[ObjectIdentifier(output.application)] ?? 0, output: output.output)
        }
        graph = try Graph(
            layers: named,
            nodes: applications.map { application in
                (indices[ObjectIdentifier(application.layer)] ?? 0, application.inputs.map(source))
            },
            inputs: inputPlaces,
            outputs: outputs.map(source)
        )
        self.layers = layers
        self.applications = applications
    }

    /// New layers for a graph.
    init(_ graph: Graph) {
        let layers = graph.layers.map { named in
            SharedLayer(
                named.layer,
                isTrainable: named.isTrainable,
                activityRegularizer: named.activityRegularizer
            )
        }
        var applications: [LayerOutput.Application] = []
        for node in graph.nodes {
            applications.append(
                LayerOutput.Application(
                    layers[node.layer],
                    node.inputs.map { LayerOutput(applications[$0.node], output: $0.output) }
                )
            )
        }
        self.graph = graph
        self.layers = layers
        self.applications = applications
    }

    /// The parameters of all layers: those that another model has made, and new ones.
    ///
    /// - Returns: the parameters in the order of the graph, and the indices of the new ones.
    /// - Throws: `ConvNetError` of kind `shape` if a parameter has another shape in that model, of kind `environment` if there
    ///   is not enough memory.
    func parameters() throws -> (all: [(name: String, parameter: Parameter)], new: Set<Int>) {
        let named = graph.namedParameters
        var known: [Int: Parameter] = [:]
        for (index, declared) in graph.parameters.enumerated() {
            guard
                let parameter = layers[declared.layer].built.parameters.first(where: {
                    $0.spec.name == declared.spec.name
                })
            else { continue }
            guard parameter.spec.shape == declared.spec.shape else {
                throw ConvNetError(
                    .shape,
                    "A shared layer needs a parameter of another shape",
                    at: named[index].name,
                    expected: "\(parameter.spec.shape), as in the model where it was applied first",
                    received: "\(declared.spec.shape)",
                    remedy: "Apply it to inputs of one shape, or make another layer"
                )
            }
            known[index] = parameter
        }
        let new = named.indices.filter { known[$0] == nil }
        try ParameterStore.requireMemory(for: new.map { named[$0] })
        let all = try named.indices.map { index in
            (
                named[index].name,
                try known[index] ?? Parameter(named[index].spec, name: named[index].name)
            )
        }
        return (all, Set(new))
    }

    /// Keeps other threads from the parameters, of other models as well.
    func use() -> ExclusiveUse {
        var others: [ExclusiveUse] = []
        let shared = layers.map(\.built).filter { !$0.parameters.isEmpty }
        for use in shared.compactMap(\.use) where !others.contains(where: { $0 === use }) {
            others.append(use)
        }
        return ExclusiveUse(with: others)
    }

    /// Tells the layers which parameters they have now.
    ///
    /// - Throws: `ConvNetError` of kind `state` if another thread has made a model of one of them meanwhile.
    func keep(_ store: ParameterStore, use: ExclusiveUse) throws {
        var parameters = [[Parameter]](repeating: [], count: layers.count)
        for (declared, entry) in zip(graph.parameters, store.entries) {
            parameters[declared.layer].append(entry.parameter)
        }
        for (index, layer) in layers.enumerated() {
            try layer.keep(parameters[index], named: graph.layers[index].name, use: use)
        }
    }
}
