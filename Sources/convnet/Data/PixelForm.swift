import ConvNetImages
import SwiftConvNet

/// The form in which a model takes pictures.
struct PixelForm: Sendable {
    let height: Int
    let width: Int
    let channels: Int
    /// Whether a sample is `[channels, height, width]`, as in ONNX, rather than `[height, width, channels]`.
    let isChannelsFirst: Bool

    /// - Parameters:
    ///   - shape: of a sample.
    ///   - size: the size to have; the shape's unless given.
    /// - Throws: `ConvNetError` of kind `shape` if samples are no pictures.
    init(_ shape: Shape, size: PictureSize? = nil) throws {
        let counts: Set = [1, 3, 4]
        let isLast = shape.rank == 3 && counts.contains(shape[2])
        let isFirst = shape.rank == 3 && !isLast && counts.contains(shape[0])
        guard isLast || isFirst || shape.rank == 2 else {
            throw ConvNetError(
                .shape,
                "The model takes no pictures",
                at: "its input",
                expected: "[height, width, channels] or [channels, height, width], with 1, 3 or 4 channels",
                received: "\(shape)"
            )
        }
        isChannelsFirst = isFirst
        channels = shape.rank == 2 ? 1 : isFirst ? shape[0] : shape[2]
        height = size?.height ?? (isFirst ? shape[1] : shape[0])
        width = size?.width ?? (isFirst ? shape[2] : shape[1])
    }

    var colorMode: ColorMode { channels == 1 ? .grayscale : channels == 3 ? .rgb : .rgba }

    /// The shape of a sample.
    var shape: Shape { isChannelsFirst ? [channels, height, width] : [height, width, channels] }
}
