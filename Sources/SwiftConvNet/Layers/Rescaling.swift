/// Brings values to another range: `y = x · scale + offset`.
///
/// Input and output: any shape.
///
/// ```swift
/// Rescaling(scale: 1 / 127.5, offset: -1)     // 0...255 to -1...1
/// ```
public struct Rescaling: Layer, Hashable {
    /// `Rescaling`.
    public static let kind = "Rescaling"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// What values are multiplied with.
    public let scale: Float
    /// What is added after.
    public let offset: Float

    /// A layer that multiplies and adds.
    ///
    /// - Parameters:
    ///   - scale: what values are multiplied with, a finite number.
    ///   - offset: what is added after, a finite number. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(scale: Float, offset: Float = 0, name: String? = nil) {
        self.scale = scale
        self.offset = offset
        self.name = name
    }

    /// Emits an `Affine`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if scale or offset is not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard scale.isFinite, offset.isFinite else {
            throw ConvNetError(
                .argument,
                "Scale and offset must be numbers",
                at: "scale, offset",
                expected: "finite numbers",
                received: "\(scale), \(offset)"
            )
        }
        return try lowering.emit(Affine(scale: scale, offset: offset), x)
    }
}
