import Foundation

/// JSON as this library's files have it: keys sorted, so that equal values give equal bytes, and words for the
/// numbers that JSON does not have.
enum StableJSON {
    private static let infinity = "inf", minusInfinity = "-inf", notANumber = "nan"

    /// An encoder.
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity,
            negativeInfinity: minusInfinity,
            nan: notANumber
        )
        return encoder
    }

    /// A decoder that knows these types besides the library's own.
    ///
    /// - Parameter modelVersion: the version of the format of a model's file that is read.
    static func decoder(customTypes: CustomTypes = CustomTypes(), modelVersion: String? = nil) -> JSONDecoder
    {
        let decoder = JSONDecoder()
        decoder.userInfo[CustomTypes.userInfoKey] = customTypes
        decoder.userInfo[ModelDescription.versionKey] = modelVersion
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity,
            negativeInfinity: minusInfinity,
            nan: notANumber
        )
        return decoder
    }

    /// A value as text.
    ///
    /// - Parameter step: for a model's file, the step at which the model is saved.
    static func text(of value: some Encodable, step: Int? = nil) throws -> String {
        let encoder = encoder()
        encoder.userInfo[LearningRate.stepKey] = step
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A value from bytes.
    ///
    /// - Parameters:
    ///   - place: what the error names.
    ///   - customTypes: the types that the value may have besides the library's own.
    ///   - modelVersion: the version of the format of a model's file that is read.
    /// - Throws: `ConvNetError` of kind `format` that names the member which is wrong.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Sequence<UInt8>, at place: String,
        customTypes: CustomTypes = CustomTypes(), modelVersion: String? = nil
    ) throws -> Value {
        do {
            return try decoder(customTypes: customTypes, modelVersion: modelVersion).decode(
                type, from: Data(bytes))
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
            let path = SwiftConvNet.text(of: context?.codingPath ?? [])
            throw ConvNetError(
                .format,
                "The JSON is not what it should be: \(what.hasSuffix(".") ? String(what.dropLast()) : what)",
                at: path.isEmpty ? place : "\(place), \(path)"
            )
        }
    }
}
