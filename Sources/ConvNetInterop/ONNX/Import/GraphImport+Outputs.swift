/// What leaves the graph.
extension GraphImport {
    /// - Returns: `nil` for an output without elements.
    func exit(_ output: ValueInfoProto, named name: String) throws -> (
        value: LayerOutput, port: ImportedONNX.Port
    )? {
        if let tensor = known[output.name] {
            if tensor.count == 0 {
                emptyOutputs[output.name] = Shape(tensor.dims)
                return nil
            }
            var layer = operatorLayer("Identity", NodeSettings(), 1)
            layer.operands = [.literal(try tensor.literal(in: folder))]
            let outputs = try lower(layer, [], label: "\(output.name)_constant")
            traced[output.name] = Traced(output: outputs[0].output, value: outputs[0].value, origins: [])
        }
        guard let tensor = traced[output.name] else {
            throw ConvNetError(
                .format,
                "No node makes an output of the graph",
                at: file.path,
                received: "\"\(output.name)\""
            )
        }
        let dims = tensor.value.dims
        let drops = !tensor.value.impliesFirstAxis && dims.first == 1 && isBatch(output.sizes?.first)
        let layer = ONNXOutput(name: name, form: tensor.value.form, dropsFirstAxis: drops)
        let isWhole = !tensor.value.value.type.isBatched
        let sources = [tensor.output] + (isWhole ? [entrances[0]] : [])
        let port = ImportedONNX.Port(
            name: output.name,
            layer: name,
            hasBatchAxis: drops || tensor.value.impliesFirstAxis
        )
        return (layer(sources), port)
    }

    /// Whether the size of an output's first axis is that of the batch.
    private func isBatch(_ size: ValueInfoProto.Size?) -> Bool {
        guard rule == .single || rule == .open else { return false }
        return switch size {
        case nil, .unknown?: true
        case .number(let number)?: number == 1
        case .name(let name)?:
            rule == .single || batchSize == .name(name) || batchSize == .unknown || !tellsOfOtherAxes(name)
        }
    }

    /// Whether the name of a size tells of another open axis than the batch: it is its name, or a formula that has it.
    ///
    /// PyTorch's older exporter names each size that it does not know, such as `Reshape114_dim_0`.
    private func tellsOfOtherAxes(_ size: String) -> Bool {
        file.graph.inputs.flatMap { $0.sizes ?? [] }.contains { other in
            guard case .name(let name) = other, other != batchSize else { return false }
            return size.contains(name)
        }
    }
}
