/// One array that a layer learns (`isTrainable`) or keeps, such as a moving mean.
public struct ParameterSpec: Sendable {
    /// The name within the layer, as in Keras: `kernel`, `bias`, `gamma`, `moving_mean`.
    public internal(set) var name: String
    /// The sizes of its axes.
    public let shape: Shape
    /// How it begins, and what training holds it to.
    public let rule: ParameterRule
    /// Whether the optimizer changes it; if not, the kernel may, while it trains.
    public let isTrainable: Bool
    /// Whether the layer changes it while it trains, before the optimizer does.
    package var isChangedByLayer: Bool

    /// Where its first values come from.
    public var initializer: any Initializer { rule.initializer }

    /// Describes one array of a layer.
    public init(_ name: String, shape: Shape, rule: ParameterRule, isTrainable: Bool = true) {
        self.name = name
        self.shape = shape
        self.rule = rule
        self.isTrainable = isTrainable
        isChangedByLayer = !isTrainable
    }

    /// The same parameter under another name, as one that its layer changes while it trains.
    package func changedByLayer(named name: String) -> ParameterSpec {
        var spec = self
        spec.name = name
        spec.isChangedByLayer = true
        return spec
    }

    /// Describes one array of a layer, without a penalty or a constraint.
    public init(_ name: String, shape: Shape, initializer: any Initializer, isTrainable: Bool = true) {
        self.init(name, shape: shape, rule: ParameterRule(initializer), isTrainable: isTrainable)
    }
}
