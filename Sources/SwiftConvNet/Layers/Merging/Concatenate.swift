/// Its inputs side by side along one axis: what joins the branches of an inception block.
///
/// Shapes, without the batch axis: inputs that differ along that axis at most; the output's size there is the sum of
/// theirs.
///
/// ```swift
/// let joined = Concatenate()(branch1, branch2, branch3)    // along the channels
/// ```
public struct Concatenate: Layer, Hashable {
    /// `Concatenate`.
    public static let kind = "Concatenate"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axis, counted as Keras does: the batch is axis 0, so 1 is the first of a sample; from the last, -1, backwards.
    public let axis: Int

    /// A layer that puts its inputs side by side.
    ///
    /// - Parameters:
    ///   - axis: the axis, counted as Keras does: the batch is axis 0, which is no choice, and 1 the first of a sample;
    ///     negative numbers count from the last. Default -1, the channels of images.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(axis: Int = -1, name: String? = nil) {
        self.axis = axis
        self.name = name
    }

    /// Emits a `Join`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis, of kind `shape` if there is no input,
    ///   or they differ along another axis.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.requireInputs(inputs, for: Self.kind)
        let place = try lowering.place(ofAxis: axis, in: inputs[0].shape)
        return try lowering.emit(Join(axis: place), inputs)
    }
}
