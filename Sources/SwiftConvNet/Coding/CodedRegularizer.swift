/// A stored property that holds any regularizer, or none, and can stand in a file. None stands there as nothing, so that files from
/// before there were any can be read.
@propertyWrapper
public struct CodedRegularizer: Sendable, Codable {
    public let wrappedValue: (any Regularizer)?

    /// Wraps a regularizer.
    public init(wrappedValue: (any Regularizer)?) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        wrappedValue = try OpenSet.regularizers.decode(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        guard let wrappedValue else { return }
        try OpenSet.regularizers.encode(wrappedValue, to: encoder)
    }
}

extension KeyedDecodingContainer {
    /// A regularizer; none if the key is not there.
    public func decode(_ type: CodedRegularizer.Type, forKey key: Key) throws -> CodedRegularizer {
        try decodeIfPresent(type, forKey: key) ?? CodedRegularizer(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    /// Writes a regularizer; nothing if there is none.
    public mutating func encode(_ value: CodedRegularizer, forKey key: Key) throws {
        guard value.wrappedValue != nil else { return }
        try value.encode(to: superEncoder(forKey: key))
    }
}
