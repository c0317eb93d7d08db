/// One array that a layer learns (`isTrainable`) or keeps, such as a moving mean.
public struct ParameterSpec: Sendable {
    /// The name within the layer, as in Keras: `kernel`, `bias`, `gamma`, `moving_mean`.
    public internal(set) var name: String
    /// The sizes of its axes.
    public let shape: Shape
    /// Where its first values come from.
    public let initializer: any Initializer
    /// Whether the optimizer changes it; if not, the kernel may, while it trains.
    public let isTrainable: Bool

    /// Describes one array of a layer.
    public init(_ name: String, shape: Shape, initializer: any Initializer, isTrainable: Bool = true) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.isTrainable = isTrainable
    }
}
