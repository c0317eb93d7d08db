/// Several transforms, as one.
///
/// ```swift
/// let augmentation = Pipeline {
///     RandomFlip(mode: .horizontal)
///     RandomRotation(factor: 0.05)
/// }
/// ```
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks go through all transforms, too. Keras' layer holds other layers as well; in a model here they stand beside
/// it.
public struct Pipeline: ImageTransform {
    /// `Pipeline`.
    public static let kind = "Pipeline"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The transforms, in order.
    public let layers: [any ImageTransform]

    private enum CodingKeys: CodingKey { case name, layers }

    /// Several transforms, as one.
    ///
    /// - Parameters:
    ///   - layers: the transforms, in order.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(layers: [any ImageTransform], name: String? = nil) {
        self.layers = layers
        self.name = name
    }

    /// Several transforms, as one; as `init(layers:name:)` with the transforms that the closure lists.
    public init(
        name: String? = nil,
        @TransformBuilder layers: () throws -> [any ImageTransform]
    ) rethrows {
        self.init(layers: try layers(), name: name)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        layers = try container.decode([CodedLayer].self, forKey: .layers).map {
            guard let transform = $0.wrappedValue as? any ImageTransform else {
                throw ConvNetError(
                    .format,
                    "A pipeline holds transforms of pictures",
                    at: "layers",
                    expected: "an ImageTransform",
                    received: "\(type(of: $0.wrappedValue).kind)"
                )
            }
            return transform
        }
        name = try container.decodeIfPresent(String.self, forKey: .name)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(layers.map { CodedLayer(wrappedValue: $0) }, forKey: .layers)
        try container.encodeIfPresent(name, forKey: .name)
    }

    /// Whether one of the transforms does.
    public var actsInInference: Bool { layers.contains { $0.actsInInference } }

    /// The shape after all transforms.
    ///
    /// - Throws: what the transforms throw.
    public func outputShape(for picture: Shape) throws -> Shape {
        var shape = picture
        for (place, layer) in layers.enumerated() {
            do { shape = try layer.outputShape(for: shape) } catch let error as ConvNetError {
                throw error.located(at: "layers, \(place), \(type(of: layer).kind)")
            }
        }
        return shape
    }

    /// Lowers the transforms, one after the other.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image; what the transforms throw.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        var values = [try lowering.image(inputs, for: Self.kind).value]
        for (place, layer) in layers.enumerated() {
            values = try lowering.apply(layer, values, named: "\(place)_\(type(of: layer).kind)")
        }
        return values
    }

    /// The transforms, in order, with those of pipelines among them in their place.
    var flattened: [any ImageTransform] {
        layers.flatMap { ($0 as? Pipeline)?.flattened ?? [$0] }
    }

    /// Two pictures, the largest between two transforms, and what these need.
    public func scratchCount(for picture: Shape) -> Int {
        let shapes = shapes(from: picture)
        let needed = zip(layers, shapes).reduce(0) { max($0, $1.0.scratchCount(for: $1.1)) }
        return 2 * Self.room(shapes) + needed
    }

    /// From where the transforms' numbers come.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> RandomStream { random }

    /// For what holds a pipeline as one transform; a model, and `Augmented`, run its transforms by themselves.
    public func apply(_ random: RandomStream, to picture: PictureContext) {
        guard !layers.isEmpty else { return picture.copy() }
        guard let output = picture.output.baseAddress, var source = picture.source.baseAddress else { return }
        var random = random
        let shapes = shapes(from: picture.shape), room = Self.room(shapes)
        var target = picture.scratch, other = picture.scratch + room
        for (place, layer) in layers.enumerated() {
            let isLast = place == layers.count - 1
            layer.transform(
                picture.step(
                    from: source,
                    shapes[place],
                    to: isLast ? output : target,
                    shapes[place + 1],
                    scratchFrom: 2 * room,
                    random: random.branch()
                )
            )
            source = UnsafePointer(target)
            swap(&target, &other)
        }
    }

    /// The shape before each transform and after the last, of a picture or of a mask.
    private func shapes(from picture: Shape) -> [Shape] {
        var shapes = [picture]
        for layer in layers {
            let last = shapes[shapes.count - 1]
            // A transform of colours refuses the channels of a mask, which then gets the size of a picture in colour.
            let inColor = Shape(Array(last.dimensions.prefix(2)) + [3])
            shapes.append(
                (try? layer.outputShape(for: last))
                    ?? (try? layer.outputShape(for: inColor)).map { last.mask(beside: $0) } ?? last
            )
        }
        return shapes
    }

    private static func room(_ shapes: [Shape]) -> Int { shapes.map(\.elementCount).max() ?? 0 }
}
