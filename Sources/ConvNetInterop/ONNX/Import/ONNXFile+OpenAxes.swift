extension ONNXFile {
    /// The names of its inputs' axes whose sizes `ONNXOptions.sizes` sets, in the order of the file.
    package var openAxisNames: [String] {
        let weights = Set(graph.initializers.map(\.name))
        var names: [String] = []
        for input in graph.inputs where !weights.contains(input.name) {
            for case .name(let name) in input.sizes ?? [] where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
