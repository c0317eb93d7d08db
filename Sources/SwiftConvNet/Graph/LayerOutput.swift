/// The output of a layer that has been applied: what the functional way of building a model passes on.
///
/// ```swift
/// let input = Input(shape: [32, 32, 3])
/// let x = Conv2D(filters: 16, kernelSize: 3, padding: .same, activation: .relu)(input)
/// let y = Conv2D(filters: 16, kernelSize: 3, padding: .same)(x)
/// let sum = Add()(x, y)
/// let output = Dense(units: 10, activation: .softmax)(GlobalAveragePooling2D()(sum))
/// let model = try Model(inputs: input, outputs: output)
/// ```
///
/// Nothing is computed or checked yet; `Model(inputs:outputs:)` infers shapes and throws where they do not fit.
public struct LayerOutput: Sendable {
    /// A layer at the place where it was applied.
    final class Application: Sendable {
        let layer: any Layer
        let inputs: [Application]

        init(_ layer: any Layer, _ inputs: [Application]) {
            self.layer = layer
            self.inputs = inputs
        }
    }

    let application: Application
}

/// The entrance of a model that is built the functional way: samples of `shape`, without the batch axis.
public func Input(shape: Shape, name: String? = nil) -> LayerOutput {
    LayerOutput(application: .init(InputLayer(shape: shape, name: name), []))
}

extension Layer {
    /// Applies the layer to outputs of others. Each application is a layer of its own, with parameters of its own.
    public func callAsFunction(_ inputs: LayerOutput...) -> LayerOutput { self(inputs) }

    /// Applies the layer to outputs of others. Each application is a layer of its own, with parameters of its own.
    public func callAsFunction(_ inputs: [LayerOutput]) -> LayerOutput {
        LayerOutput(application: .init(self, inputs.map(\.application)))
    }
}

extension Graph {
    /// The graph of all layers on the way from an input to an output.
    ///
    /// - Throws: as `init(layers:input:output:)`, and if the output does not depend on the input.
    init(input: LayerOutput, output: LayerOutput) throws {
        var places: [ObjectIdentifier: Int] = [:]
        var layers: [(layer: any Layer, inputs: [Int])] = []
        // Depth first, without recursion, for networks may be deep.
        var pending = [output.application]
        while let next = pending.last {
            if places[ObjectIdentifier(next)] != nil {
                pending.removeLast()
                continue
            }
            let missing = next.inputs.filter { places[ObjectIdentifier($0)] == nil }
            if missing.isEmpty {
                places[ObjectIdentifier(next)] = layers.count
                layers.append((next.layer, next.inputs.compactMap { places[ObjectIdentifier($0)] }))
                pending.removeLast()
            } else {
                pending += missing.reversed()
            }
        }
        guard let inputPlace = places[ObjectIdentifier(input.application)],
            let outputPlace = places[ObjectIdentifier(output.application)]
        else {
            throw ConvNetError(
                .argument, "The output does not depend on the input", at: "Model(inputs:outputs:)",
                remedy: "Pass the Input from which the output was made")
        }
        try self.init(layers: layers, input: inputPlace, output: outputPlace)
    }
}
