/// Probabilities from logits, along an axis: `y[…, c] = exp(x[…, c]) / sum over k of exp(x[…, k])`.
///
/// Input and output: any shape. A loss that follows starts from the logits, as after a layer with
/// `activation: .softmax`, if the axis is the last.
///
/// ```swift
/// Softmax()                // along the last axis
/// Softmax(axis: 1)         // along the first of a sample
/// Softmax(axis: [1, 2])    // over the pixels of an image, channel by channel
/// ```
public struct Softmax: Layer, Hashable {
    /// `Softmax`.
    public static let kind = "Softmax"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axes along which all elements add up to 1, counted as Keras does.
    public let axis: Axes

    /// A softmax along one axis, or over several, all elements along which add up to 1 together; the default is Keras'.
    ///
    /// - Parameters:
    ///   - axis: the axis, or axes that follow each other, counted as Keras does: the batch is axis 0, which is no choice, and 1 the
    ///     first of a sample; negative numbers count from the last. Default -1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(axis: Axes = -1, name: String? = nil) {
        self.axis = axis
        self.name = name
    }

    private enum CodingKeys: CodingKey { case name, axis }

    /// Reads a saved layer. Without `axis` it is the last: older files do not have it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            axis: try container.decodeIfPresent(Axes.self, forKey: .axis) ?? -1,
            name: try container.decodeIfPresent(String.self, forKey: .name)
        )
    }

    /// Writes the layer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name, forKey: .name)
        if axis != -1 { try container.encode(axis, forKey: .axis) }
    }

    /// Emits an `Activate` along the last axis, else a `SoftmaxAlong`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axes, or they do not follow each other; of kind `shape`
    ///   if there is not exactly one input.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        return [try lowering.softmax(x, axes: lowering.places(of: axis, in: x.shape))]
    }
}
