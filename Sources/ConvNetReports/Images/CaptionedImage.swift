/// An image with what is said about it.
public struct CaptionedImage: Sendable, Hashable {
    /// The image.
    public var image: Bitmap
    /// What is written below; line feeds start new lines, up to three.
    public var caption: String
    /// Whether it is marked, as a prediction is.
    public var mark: Mark?

    /// An image with its caption, and perhaps a mark.
    public init(_ image: Bitmap, caption: String, mark: Mark? = nil) {
        self.image = image
        self.caption = caption
        self.mark = mark
    }

    /// The lines of the caption.
    package var captionLines: [String] {
        caption.split(separator: "\n", omittingEmptySubsequences: false).prefix(3).map {
            String($0).onOneLine
        }
    }
}
