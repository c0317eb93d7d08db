/// No weight is negative: those that are become 0.
public struct NonNeg: Constraint, Hashable {
    public static let kind = "NonNeg"

    /// The constraint; it has no settings.
    public init() {}

    public func apply(to values: UnsafeMutableBufferPointer<Float>, shape: Shape) {
        for place in values.indices where values[place] < 0 { values[place] = 0 }
    }
}

extension Constraint where Self == NonNeg {
    /// No weight is negative: `NonNeg`.
    public static var nonNeg: Self { NonNeg() }
}
