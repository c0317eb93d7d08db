/// An activation function made of two closures. Each is equal to itself alone, and none can be saved.
struct ClosureActivation: CustomActivation {
    static let kind = "ClosureActivation"

    /// What makes it another than all others.
    private final class Identity: Sendable {}

    let name: String
    private let identity = Identity()
    private let function: @Sendable (Float) -> Float
    private let slope: @Sendable (Float) -> Float

    init(
        name: String,
        value: @escaping @Sendable (Float) -> Float,
        derivative: @escaping @Sendable (Float) -> Float
    ) {
        self.name = name
        function = value
        slope = derivative
    }

    func value(_ x: Float) -> Float { function(x) }
    func derivative(_ x: Float) -> Float { slope(x) }

    static func == (left: Self, right: Self) -> Bool { left.identity === right.identity }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(identity)) }

    init(from decoder: any Decoder) throws { throw Self.cannotBeSaved("a function made of closures") }

    func encode(to encoder: any Encoder) throws { throw Self.cannotBeSaved(name) }

    private static func cannotBeSaved(_ name: String) -> ConvNetError {
        ConvNetError(
            .argument,
            "An activation made of closures cannot be saved",
            at: "activation \(name)",
            expected: "a type that conforms to CustomActivation",
            received: "closures",
            remedy:
                "Give the function as a type, .custom(MyFunction()), and name it where the file is read: CustomTypes(activations: [MyFunction.self])"
        )
    }
}
