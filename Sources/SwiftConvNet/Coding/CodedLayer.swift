/// A stored property that holds any layer and can stand in a file.
@propertyWrapper
public struct CodedLayer: Sendable, Codable {
    public let wrappedValue: any Layer

    /// Wraps a layer.
    public init(wrappedValue: any Layer) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws { wrappedValue = try OpenSet.layers.decode(from: decoder) }

    public func encode(to encoder: any Encoder) throws {
        try OpenSet.layers.encode(wrappedValue, to: encoder)
    }
}
