/// A field of a message: its number, and where its content is.
struct WireField {
    /// What a field holds, by its wire type.
    enum Content {
        /// A number of variable length, at these bytes.
        case varint(UInt64, Range<Int>)
        /// Eight bytes, or four, least significant first.
        case fixed(Range<Int>)
        /// Bytes: a string, a message, or packed numbers.
        case bytes(Range<Int>)
    }

    /// The number of the field in its message, at least 1.
    let number: Int
    /// The byte of the file at which the field begins.
    let offset: Int
    let content: Content

    /// The bytes of the content, whatever its wire type.
    var range: Range<Int> {
        switch content {
        case .varint(_, let range), .fixed(let range), .bytes(let range): range
        }
    }
}
