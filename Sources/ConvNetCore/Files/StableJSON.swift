import Foundation

/// JSON as this library's files have it: keys sorted, so that equal values give equal bytes, and words for the
/// numbers that JSON does not have.
package enum StableJSON {
    private static let infinity = "inf", minusInfinity = "-inf", notANumber = "nan"

    /// An encoder.
    package static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity,
            negativeInfinity: minusInfinity,
            nan: notANumber
        )
        return encoder
    }

    /// A decoder.
    ///
    /// - Parameter userInfo: what the types that are decoded look for there, besides the data.
    package static func decoder(userInfo: [CodingUserInfoKey: any Sendable] = [:]) -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.userInfo = userInfo
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity,
            negativeInfinity: minusInfinity,
            nan: notANumber
        )
        return decoder
    }

    /// A value as text.
    ///
    /// - Parameter userInfo: what the types that are encoded look for there.
    package static func text(of value: some Encodable, userInfo: [CodingUserInfoKey: any Sendable] = [:])
        throws
        -> String
    {
        let encoder = encoder()
        encoder.userInfo = userInfo
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A value from bytes.
    ///
    /// - Parameters:
    ///   - place: what the error names.
    ///   - userInfo: what the types that are decoded look for there.
    /// - Throws: `ConvNetError` of kind `format` that names the member which is wrong.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: some Sequence<UInt8>,
        at place: String,
        userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) throws -> Value {
        do {
            return try decoder(userInfo: userInfo).decode(type, from: Data(bytes))
        } catch let error as ConvNetError {
            throw error.located(at: place)
        } catch let error as DecodingError {
            let (what, context): (String, DecodingError.Context?) =
                switch error {
                case .typeMismatch(_, let context), .valueNotFound(_, let context),
                    .dataCorrupted(let context):
                    (context.debugDescription, context)
                case .keyNotFound(let key, let context):
                    ("the member \"\(key.stringValue)\" is missing", context)
                @unknown default: ("it cannot be decoded", nil)
                }
            let path = ConvNetCore.text(of: context?.codingPath ?? [])
            throw ConvNetError(
                .format,
                "The JSON is not what it should be: \(what.hasSuffix(".") ? String(what.dropLast()) : what)",
                at: path.isEmpty ? place : "\(place), \(path)"
            )
        }
    }
}

/// A place in an encoded value: `nodes[2].config.filters`.
package func text(of path: [any CodingKey]) -> String {
    path.reduce(into: "") { text, key in
        if let index = key.intValue {
            text += "[\(index)]"
        } else {
            text += (text.isEmpty ? "" : ".") + key.stringValue
        }
    }
}
