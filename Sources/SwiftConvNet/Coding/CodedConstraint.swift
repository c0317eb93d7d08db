/// A stored property that holds any constraint, or none, and can stand in a file. None stands there as nothing, so that files from
/// before there were any can be read.
@propertyWrapper
public struct CodedConstraint: Sendable, Codable {
    public let wrappedValue: (any Constraint)?

    /// Wraps a constraint.
    public init(wrappedValue: (any Constraint)?) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        wrappedValue = try OpenSet.constraints.decode(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        guard let wrappedValue else { return }
        try OpenSet.constraints.encode(wrappedValue, to: encoder)
    }
}

extension KeyedDecodingContainer {
    /// A constraint; none if the key is not there.
    public func decode(_ type: CodedConstraint.Type, forKey key: Key) throws -> CodedConstraint {
        try decodeIfPresent(type, forKey: key) ?? CodedConstraint(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    /// Writes a constraint; nothing if there is none.
    public mutating func encode(_ value: CodedConstraint, forKey key: Key) throws {
        guard value.wrappedValue != nil else { return }
        try value.encode(to: superEncoder(forKey: key))
    }
}
