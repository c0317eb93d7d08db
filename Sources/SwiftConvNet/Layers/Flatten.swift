/// Makes one axis of all: `[height, width, channels]` becomes `[height · width · channels]`. Nothing is copied.
public struct Flatten: Layer, Hashable {
    public static let kind = "Flatten"
    public let name: String?

    /// A layer that makes one axis of all.
    public init(name: String? = nil) { self.name = name }

    public func outputShape(for inputs: [Shape]) throws -> Shape { [try single(inputs).elementCount] }

    public func kernel(at site: Site) throws -> any Kernel { IdentityKernel() }
}
