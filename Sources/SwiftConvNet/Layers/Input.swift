/// The place where samples enter a network: it has their shape, and computes nothing.
public struct InputLayer: Layer, Hashable {
    /// `InputLayer`.
    public static let kind = "InputLayer"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The shape of one sample, without the batch axis.
    public let shape: Shape
    /// The axes of `shape` that may have other sizes, in ascending order.
    public let flexibleAxes: [Int]

    /// An entrance for samples of `shape`; `Input` says what flexible axes are.
    public init(shape: Shape, flexibleAxes: Set<Int> = [], name: String? = nil) {
        self.shape = shape
        self.flexibleAxes = flexibleAxes.sorted()
        self.name = name
    }

    private enum CodingKeys: CodingKey { case name, shape, flexibleAxes }

    /// Reads a saved layer. Without `flexibleAxes` there are none: files of fixed sizes do not have it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            shape: try container.decode(Shape.self, forKey: .shape),
            flexibleAxes: Set(try container.decodeIfPresent([Int].self, forKey: .flexibleAxes) ?? []),
            name: try container.decodeIfPresent(String.self, forKey: .name)
        )
    }

    /// Writes the layer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(shape, forKey: .shape)
        if !flexibleAxes.isEmpty { try container.encode(flexibleAxes, forKey: .flexibleAxes) }
    }

    /// Throws: the engine gathers the samples, so that only the entrance of a model is an `InputLayer`.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        throw ConvNetError(.argument, "A second input layer")
    }

    /// `shape`, checked.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has no axis, or a size is less than 1.
    func validatedShape() throws -> Shape {
        guard shape.rank > 0 else {
            throw ConvNetError(
                .shape,
                "An input needs at least one axis",
                expected: "such as [28, 28, 1]",
                received: "\(shape)"
            )
        }
        guard flexibleAxes.allSatisfy(shape.indices.contains) else {
            throw ConvNetError(
                .argument,
                "A flexible axis is none of the input's",
                at: "flexibleAxes",
                expected: "axes in 0..<\(shape.rank) of \(shape), which does not count the samples",
                received: "\(flexibleAxes)"
            )
        }
        return try shape.validated(as: "input", minimum: 1)
    }
}

/// The entrance of a model that is built the functional way: samples of `shape`, without the batch axis.
///
/// With flexible axes the model takes samples of other sizes, too, as with Keras' `Input((None, None, 3))`. Parameters are made, and
/// `summary`, `profile` and `plannedMemory` speak, of the sizes of `shape`. All samples of one call have one size.
///
/// ```swift
/// let image = Input(shape: [64, 64, 3], flexibleAxes: [0, 1])  // height and width
/// ```
///
/// - Parameters:
///   - shape: the shape of one sample: `[height, width, channels]` for images.
///   - flexibleAxes: the axes of `shape` that may have other sizes, counted from 0. Every layer has to allow it: `Dense` after
///     `Flatten` does not, but after global or adaptive pooling it does. Default none.
///   - name: the name within its model; unless given, it is made from `InputLayer` and counted.
public func Input(shape: Shape, flexibleAxes: Set<Int> = [], name: String? = nil) -> LayerOutput {
    LayerOutput(
        .init(SharedLayer(InputLayer(shape: shape, flexibleAxes: flexibleAxes, name: name)), [])
    )
}
