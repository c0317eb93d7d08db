/// A named part of a sample: an input of the network, what an output is compared with, or a weight.
public struct Field: Sendable, Hashable {
    /// What a field is for.
    public enum Role: String, Sendable, Hashable, Codable {
        /// It enters the network.
        case input
        /// An output is compared with it.
        case target
        /// The sample's loss is multiplied with it: one number.
        case weight
    }

    /// The name: that of the input, or of the output, of a model with several.
    public let name: String
    /// What it is for.
    public let role: Role
    /// The type of its elements: `float32`, or for targets that are classes `int32`.
    public let element: ElementType
    /// Its shape, without a batch axis; `[]` for a class.
    public let shape: Shape

    /// A field.
    ///
    /// - Parameters:
    ///   - name: the name of the input or of the output that it is for; with one of them it does not matter.
    ///   - role: what it is for.
    ///   - shape: the sizes of its axes, without the batch axis.
    ///   - element: the type of its elements. Default `float32`; `int32` is for classes alone.
    public init(_ name: String, _ role: Role, shape: Shape, element: ElementType = .float32) {
        self.name = name
        self.role = role
        self.shape = shape
        self.element = element
    }

    /// A target that is a class.
    public static func label(_ name: String) -> Field { Field(name, .target, shape: [], element: .int32) }
}
