/// While training, flips half of the pictures, at random. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. What random numbers depend on is said at
/// ``ImageTransform``. Masks are flipped with their pictures.
///
/// ```swift
/// RandomFlip(mode: .horizontal)
/// ```
public struct RandomFlip: ImageTransform, Hashable {
    /// What becomes of a picture that is flipped.
    public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
        /// Left becomes right.
        case horizontal
        /// Top becomes bottom.
        case vertical
        /// Both, of the same pictures: half a turn.
        case horizontalAndVertical = "horizontal_and_vertical"
    }

    /// `RandomFlip`.
    public static let kind = "RandomFlip"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// What becomes of a picture that is flipped.
    public let mode: Mode
    public let seed: UInt64?

    /// A layer that flips pictures; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - mode: what becomes of a picture that is flipped. Default: both, as half a turn.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(mode: Mode = .horizontalAndVertical, seed: UInt64? = nil, name: String? = nil) {
        self.mode = mode
        self.seed = seed
        self.name = name
    }

    /// Whether the picture is flipped.
    public func draw(_ random: inout RandomStream, for picture: Shape) -> Bool {
        random.nextUniform() < 0.5
    }

    public func apply(_ isFlipped: Bool, to picture: PictureContext) {
        guard isFlipped, let source = picture.source.baseAddress, let output = picture.output.baseAddress
        else { return picture.copy() }
        let channels = picture.channels, columns = picture.width, stride = columns * channels
        for row in 0..<picture.height {
            let from = source + (mode == .horizontal ? row : picture.height - 1 - row) * stride
            let to = output + row * stride
            if mode == .vertical {
                to.update(from: from, count: stride)
                continue
            }
            for column in 0..<columns {
                let pixel = from + (columns - 1 - column) * channels
                for channel in 0..<channels { to[column * channels + channel] = pixel[channel] }
            }
        }
    }
}
