/// An output of a layer that has been applied: what the functional way of building a model passes on.
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
    /// A layer at a place where it was applied.
    package final class Application: Sendable {
        package let layer: SharedLayer
        package let inputs: [LayerOutput]
        /// The nested model that has applied it, if one has.
        package let nesting: Nesting?
        /// Why it cannot be part of a model.
        package let problem: ConvNetError?

        package init(
            _ layer: SharedLayer,
            _ inputs: [LayerOutput],
            nesting: Nesting? = nil,
            problem: ConvNetError? = nil
        ) {
            self.layer = layer
            self.inputs = inputs
            self.nesting = nesting
            self.problem = problem
        }
    }

    /// The place of a layer in a model that is nested in another.
    package struct Nesting: Sendable {
        package let scope: Scope
        /// The layer's name in that model.
        package let name: String

        package init(scope: Scope, name: String) {
            self.scope = scope
            self.name = name
        }
    }

    /// A model as layers see it that it has applied. Its identity tells it from others of its name.
    package final class Scope: Sendable {
        package let name: String

        package init(name: String) { self.name = name }
    }

    package let application: Application
    /// Which of the layer's outputs it is.
    package let output: Int

    package init(_ application: Application, output: Int = 0) {
        self.application = application
        self.output = output
    }
}
