/// Products of its two inputs, summed up along an axis of each.
///
/// The output has the axes of the first input, then those of the second, without the two that are summed over. Shapes, without the
/// batch axis: `[3, 5]` and `[10, 3]` along the axes 1 and 2 give `[5, 10]`; two vectors give `[1]`.
///
/// ```swift
/// let scores = Dot(axes: 2)(queries, keys)                // [T, features] and [S, features] to [T, S]
/// let cosine = Dot(axes: -1, normalize: true)(x, y)      // of two vectors
/// ```
public struct Dot: Layer, Hashable {
    /// `Dot`.
    public static let kind = "Dot"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// An axis of each input, or one of both, counted as Keras does.
    public let axes: Axes
    /// Whether each input is first divided by its length along the axis.
    public let normalize: Bool

    /// A layer that multiplies its two inputs, and adds along an axis of each.
    ///
    /// - Parameters:
    ///   - axes: the axis of both inputs, or of each, `[1, 2]`, counted as Keras does: the batch is axis 0, which is no choice, and 1
    ///     the first of a sample; negative numbers count from the last.
    ///   - normalize: whether each input is first divided by its length along the axis, so that the output is the cosine of
    ///     their angle. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(axes: Axes, normalize: Bool = false, name: String? = nil) {
        self.axes = axes
        self.normalize = normalize
        self.name = name
    }

    /// Emits a `Contract`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if an input has no such axis, of kind `shape` if there are not two
    ///   inputs, or the axes have different sizes.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        var (x, y) = try lowering.pair(inputs, for: Self.kind)
        let axes = axes.axes
        guard let axis = axes.first, let other = axes.last, axes.count <= 2 else {
            throw ConvNetError(
                .argument,
                "A dot product goes along an axis of each input",
                at: "axes",
                expected: "one axis, or two",
                received: "\(axes)"
            )
        }
        let first = try lowering.place(ofAxis: axis, in: x.shape, as: "axes")
        let second = try lowering.place(ofAxis: other, in: y.shape, as: "axes")
        guard x.shape[first] == y.shape[second] else {
            throw ConvNetError(
                .shape,
                "A dot product goes along axes of one size",
                at: "axes",
                expected: "equal sizes along the axes \(axes)",
                received: "\(x.shape[first]) of \(x.shape) and \(y.shape[second]) of \(y.shape)"
            )
        }
        if normalize {
            x = try lowering.unitVectors(x, along: first)
            y = try lowering.unitVectors(y, along: second)
        }
        // A letter for each axis; the two that are summed over share one.
        var letters = (0..<(x.shape.rank + y.shape.rank)).compactMap {
            Unicode.Scalar(0x100 + $0).map(Character.init)
        }
        let shared = letters[first]
        letters[x.shape.rank + second] = shared
        let product = Contract(
            Array(letters.prefix(x.shape.rank)),
            Array(letters.suffix(y.shape.rank)),
            to: letters.filter { $0 != shared }
        )
        let result = try lowering.emit(product, x, y)[0]
        return [result.shape.rank == 0 ? try lowering.view(result, as: [1]) : result]
    }
}

extension Lowering {
    /// Each vector along an axis, divided by its length.
    ///
    /// Source: `keras.ops.normalize`; vectors shorter than 1e-7 are divided by that.
    fileprivate mutating func unitVectors(_ x: Value, along axis: Int) throws -> Value {
        let inverse = try minimum(rsqrt(sum(square(x), axes: [axis], keepDims: true)), 1e7)
        return try multiply(x, inverse)
    }
}
