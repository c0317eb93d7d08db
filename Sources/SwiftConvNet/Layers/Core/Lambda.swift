/// A layer by a closure over operators, for what no layer does. It is differentiated as any other layer, for operators are.
///
/// ```swift
/// let gate = Lambda { x, ops in try ops.multiply(x, ops.sigmoid(x)) }
/// let distance = Lambda(inputCount: 2) { inputs, ops in
///     try ops.sqrt(ops.sum(ops.square(ops.subtract(inputs[0], inputs[1])), axes: [-1], keepDims: true))
/// }
/// ```
///
/// The closure emits operators, as `Layer.lower` does; it is called once for each plan, and never while numbers are computed. Shapes
/// in it are those of a sample, without the batch axis. It may ask for parameters of its own: `ops.parameter("scale", [1], .ones)`.
///
/// A closure cannot be in a file: saving a model that has a `Lambda` throws. What is to be saved is a type of its own that
/// conforms to `Layer`, and whose `lower` does the same.
public struct Lambda: Layer {
    /// `Lambda`.
    public static let kind = "Lambda"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// How many inputs it takes.
    public let inputCount: Int
    private let function: @Sendable ([Value], inout Lowering) throws -> Value

    /// A layer of one input.
    ///
    /// - Parameters:
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    ///   - function: makes the output from the input.
    public init(
        name: String? = nil,
        _ function: @escaping @Sendable (_ x: Value, _ ops: inout Lowering) throws -> Value
    ) {
        self.init(inputCount: 1, name: name) { inputs, ops in try function(inputs[0], &ops) }
    }

    /// A layer of several inputs.
    ///
    /// - Parameters:
    ///   - inputCount: how many it takes, at least 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    ///   - function: makes the output from the inputs.
    public init(
        inputCount: Int,
        name: String? = nil,
        _ function: @escaping @Sendable (_ inputs: [Value], _ ops: inout Lowering) throws -> Value
    ) {
        self.inputCount = inputCount
        self.name = name
        self.function = function
    }

    /// Calls the closure.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `inputCount` is less than 1, of kind `shape` if there is another number of
    ///   inputs; what the closure throws.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        guard inputCount >= 1 else {
            throw ConvNetError(
                .argument,
                "A Lambda takes inputs",
                at: "inputCount",
                expected: "at least 1",
                received: "\(inputCount)"
            )
        }
        guard inputs.count == inputCount else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes \(inputCount) input\(inputCount == 1 ? "" : "s")",
                at: "inputCount",
                expected: "\(inputCount)",
                received: "\(inputs.count): \(inputs.map(\.shape))",
                remedy: "Say how many there are: Lambda(inputCount: \(inputs.count)) { inputs, ops in ... }"
            )
        }
        return [try function(inputs, &lowering)]
    }

    /// Throws: a closure is in no file.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    public func encode(to encoder: any Encoder) throws { throw Self.notInAFile(name) }

    /// Throws: a closure is in no file.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    public init(from decoder: any Decoder) throws { throw Self.notInAFile(nil) }

    private static func notInAFile(_ name: String?) -> ConvNetError {
        .closure(
            kind,
            at: name.map { "layer \($0)" },
            others: "layers",
            replacement: "Layer, whose lower does the same"
        )
    }
}
