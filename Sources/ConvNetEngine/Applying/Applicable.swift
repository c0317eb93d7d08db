/// What can be applied to outputs of layers: a layer, a shared layer, a model.
public protocol Applicable {
    /// The outputs for these inputs. Nothing is computed or checked yet; the model that is made of them infers shapes, and
    /// throws where they do not fit.
    func apply(_ inputs: [LayerOutput]) -> [LayerOutput]
}

extension Applicable {
    /// The first output for these inputs: `layer(x)`, or `Add()(x, y)`. All outputs come from `apply(_:)`.
    public func callAsFunction(_ inputs: LayerOutput...) -> LayerOutput { self(inputs) }

    /// The first output for these inputs. All outputs come from `apply(_:)`.
    public func callAsFunction(_ inputs: [LayerOutput]) -> LayerOutput {
        if let first = apply(inputs).first { return first }
        let problem = ConvNetError(
            .argument,
            "What is applied has no output",
            at: "\(type(of: self))",
            expected: "at least 1",
            received: "0"
        )
        return LayerOutput(.init(SharedLayer(Nothing()), inputs, problem: problem))
    }
}

/// Stands where nothing has been applied.
private struct Nothing: Layer {
    static let kind = "Nothing"
    func lower(_ inputs: [Value], in lowering: inout Lowering) -> [Value] { inputs }
}
