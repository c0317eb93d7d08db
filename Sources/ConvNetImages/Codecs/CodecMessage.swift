#if Images

    import CImageCodecs
    import SwiftConvNet

    /// Calls of `CImageCodecs`, which leave a message where they fail.
    enum CodecMessage {
        /// Calls a codec with room for its message.
        ///
        /// - Throws: `ConvNetError` of kind `format` with the message if there is no result.
        static func check<Result>(
            _ summary: String,
            at name: String,
            _ call: (UnsafeMutablePointer<CChar>?) -> Result?
        ) throws -> Result {
            try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CI_MESSAGE_SIZE)) { message in
                message.initialize(repeating: 0)
                if let result = call(message.baseAddress) { return result }
                let text = message.baseAddress.map { String(cString: $0) } ?? ""
                throw ConvNetError(.format, text.isEmpty ? summary : "\(summary): \(text)", at: name)
            }
        }
    }

    extension PixelForm {
        /// The form as the codecs call it.
        var code: ci_form {
            switch self {
            case .indices: CI_INDICES
            case .color(.grayscale): CI_GREY
            case .color(.rgb): CI_RGB
            case .color(.rgba): CI_RGBA
            }
        }
    }

#endif
