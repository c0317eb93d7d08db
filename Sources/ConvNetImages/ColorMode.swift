/// Which channels a picture has: Keras' `color_mode`.
public enum ColorMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// One: the brightness (the luma of ITU-R BT.601).
    case grayscale
    /// Three: red, green and blue. Alpha is dropped.
    case rgb
    /// Four: red, green, blue and alpha, which is 255 where a file has none.
    case rgba

    /// The number of channels.
    public var channels: Int {
        switch self {
        case .grayscale: 1
        case .rgb: 3
        case .rgba: 4
        }
    }
}

/// What a decoder is asked for: the channels of a colour mode, or the numbers that stand in the file.
enum PixelForm: Sendable, Hashable {
    case color(ColorMode)
    /// Of a palette the indices, of grey the levels as they are stored: what a mask has.
    case indices

    var channels: Int {
        switch self {
        case .color(let mode): mode.channels
        case .indices: 1
        }
    }
}
