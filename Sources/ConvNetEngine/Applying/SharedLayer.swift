/// A layer with parameters of its own, which are shared wherever it is applied.
///
/// ```swift
/// let encoder = SharedLayer(Dense(units: 32, activation: .relu))
/// let output = Add()(encoder(left), encoder(right))  // one kernel, one bias
/// ```
///
/// A `Layer` is a value: to apply it twice makes two layers. A `SharedLayer` is an object: to apply it twice, in one model or
/// in several, makes one layer with one set of parameters. The first model that it is part of makes the parameters. What one
/// model learns, all models see. Models that share parameters are used by one thread at a time.
public final class SharedLayer: Applicable, Sendable {
    /// What it computes.
    public let layer: any Layer
    /// The penalty for what it puts out, added to the loss at each application; `nil` for none.
    public let activityRegularizer: (any Regularizer)?

    /// What the first model that the layer is part of makes.
    package struct Built: Sendable {
        /// The layer's name in that model.
        package fileprivate(set) var name: String?
        /// In the order in which the layer declares them.
        package fileprivate(set) var parameters: [Parameter] = []
        /// Keeps other threads from the parameters.
        package fileprivate(set) var use: ExclusiveUse?
    }

    private struct State {
        var isTrainable: Bool
        var built = Built()
    }

    private let state: Lock<State>

    /// A layer that is to be applied more than once, frozen, or regularized.
    ///
    /// - Parameters:
    ///   - layer: what it computes.
    ///   - isTrainable: whether training changes the parameters. Default `true`.
    ///   - activityRegularizer: the penalty for what it puts out, a sum over elements: L1, L2 or L1L2. Default none. As in Keras, the
    ///     penalty of a batch is divided by its number of samples.
    public init(
        _ layer: any Layer,
        isTrainable: Bool = true,
        activityRegularizer: (any Regularizer)? = nil
    ) {
        self.layer = layer
        self.activityRegularizer = activityRegularizer
        state = Lock(State(isTrainable: isTrainable))
    }

    /// Whether training changes the parameters. Default: `true`. A change takes effect at the next `compile`, as in Keras.
    ///
    /// A layer that is not trainable is frozen: its parameters get no gradient, no update and no decay. A frozen
    /// `BatchNormalization` normalises by its moving statistics, and leaves them as they are.
    public var isTrainable: Bool {
        get { state.withLock { $0.isTrainable } }
        set { state.withLock { $0.isTrainable = newValue } }
    }

    /// The name that the layer has in the first model that it is part of; its own before that.
    public var name: String? { built.name ?? layer.name }

    package var built: Built { state.withLock { $0.built } }

    /// Keeps what a model has made; the name and the lock of the first one stay, and so do its parameters.
    ///
    /// - Throws: `ConvNetError` of kind `state` if it has other parameters of these names.
    package func keep(_ parameters: [Parameter], named name: String, use: ExclusiveUse) throws {
        try state.withLock { state in
            let new = parameters.filter { parameter in
                !state.built.parameters.contains { $0 === parameter }
            }
            let known = Set(state.built.parameters.map(\.spec.name))
            if let other = new.first(where: { known.contains($0.spec.name) }) {
                throw ConvNetError(
                    .state,
                    "Two threads make models of one layer",
                    at: "\(name)/\(other.spec.name)",
                    expected: "one thread at a time",
                    received: "two"
                )
            }
            state.built.parameters += new
            state.built.name = state.built.name ?? name
            state.built.use = state.built.use ?? use
        }
    }

    /// Applies the layer; all applications share its parameters.
    public func apply(_ inputs: [LayerOutput]) -> [LayerOutput] {
        let application = LayerOutput.Application(self, inputs)
        return (0..<max(layer.outputCount, 1)).map { LayerOutput(application, output: $0) }
    }
}

extension Layer {
    /// The layer as an object that training does not change, if `isTrainable` is `false`: Keras' argument `trainable`.
    ///
    /// ```swift
    /// Dense(units: 10).trainable(false)
    /// ```
    public func trainable(_ isTrainable: Bool) -> SharedLayer { SharedLayer(self, isTrainable: isTrainable) }

    /// The layer as an object with a penalty for what it puts out: Keras' argument `activity_regularizer`.
    ///
    /// ```swift
    /// Dense(units: 10).activityRegularizer(.l1(0.001))
    /// ```
    public func activityRegularizer(_ regularizer: any Regularizer) -> SharedLayer {
        SharedLayer(self, activityRegularizer: regularizer)
    }

    /// Applies the layer. Each application is a layer of its own, with parameters of its own; `SharedLayer` is what shares
    /// them.
    public func apply(_ inputs: [LayerOutput]) -> [LayerOutput] { SharedLayer(self).apply(inputs) }
}
