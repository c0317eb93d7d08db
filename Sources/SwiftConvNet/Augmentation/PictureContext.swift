/// What an `ImageTransform` works on: one picture, and where the changed one goes.
///
/// Pictures are `[height, width, channels]`, row by row, the channels of a pixel beside each other.
public struct PictureContext {
    /// What a picture is.
    public enum Role: Sendable, Hashable {
        /// What a network sees.
        case picture
        /// A class for each pixel of a picture: moved as the picture is, without mixing of neighbours, and with its colours as they
        /// are.
        case mask
    }

    /// The picture.
    public let source: UnsafeBufferPointer<Float>
    /// Where the changed picture goes: other memory than the picture's, all of which has to be written.
    public let output: UnsafeMutableBufferPointer<Float>
    /// As many floats as `scratchCount` asks for; their content is whatever the last user left.
    public let scratch: UnsafeMutablePointer<Float>
    /// The shape of the picture.
    public let shape: Shape
    /// The shape of the changed picture.
    public let outputShape: Shape
    /// Random numbers for this picture: a copy gives the same ones again, and a mask has those of its picture.
    public let random: RandomStream
    /// Whether the picture is read for training.
    public let isTraining: Bool
    /// What the picture is.
    public let role: Role

    /// A picture; the library makes them, and tests of a transform may.
    public init(
        source: UnsafeBufferPointer<Float>,
        output: UnsafeMutableBufferPointer<Float>,
        scratch: UnsafeMutablePointer<Float>,
        shape: Shape,
        outputShape: Shape,
        random: RandomStream,
        isTraining: Bool = true,
        role: Role = .picture
    ) {
        self.source = source
        self.output = output
        self.scratch = scratch
        self.shape = shape
        self.outputShape = outputShape
        self.random = random
        self.isTraining = isTraining
        self.role = role
    }

    /// The number of rows.
    public var height: Int { shape[0] }
    /// The number of columns.
    public var width: Int { shape[1] }
    /// The number of channels.
    public var channels: Int { shape[2] }

    /// Copies the picture as it is.
    ///
    /// - Precondition: the output has the picture's shape.
    public func copy() {
        precondition(source.count == output.count, "a picture of another shape is no copy")
        guard let from = source.baseAddress, let to = output.baseAddress else { return }
        to.update(from: from, count: source.count)
    }
}
