import Foundation

extension OpenSet {
    /// A value on its own as JSON, the same at every time: `{"config": {…}, "kind": "Conv2D"}`.
    package func json(of value: Value) throws -> String {
        try StableJSON.text(of: Encoded(value: value, set: self))
    }

    /// The value that JSON describes, as `json(of:)` writes it.
    ///
    /// - Parameter place: what errors name.
    /// - Throws: `ConvNetError` of kind `format` for an unknown kind, or a member that is missing or wrong.
    package func value(fromJSON text: String, at place: String) throws -> Value {
        try StableJSON.decode(
            Decoded<Value>.self,
            from: text.utf8,
            at: place,
            userInfo: [Self.key: self]
        ).value
    }

    fileprivate static var key: CodingUserInfoKey {
        CodingUserInfoKey(rawValue: "SwiftConvNet.OpenSet").unsafelyUnwrapped
    }

    private struct Encoded: Encodable {
        let value: Value
        let set: OpenSet

        func encode(to encoder: any Encoder) throws { try set.encode(value, to: encoder) }
    }
}

/// A value that is decoded by the set that the decoder is given.
private struct Decoded<Value>: Decodable {
    let value: Value

    init(from decoder: any Decoder) throws {
        guard let set = decoder.userInfo[OpenSet<Value>.key] as? OpenSet<Value> else {
            throw ConvNetError(.format, "The decoder does not know what it decodes")
        }
        value = try set.decode(from: decoder)
    }
}
