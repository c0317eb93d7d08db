/// Shares of what may be nothing.
enum Share {
    /// A part of a whole; 0 if the whole is 0, as in Keras.
    static func of<Number: BinaryFloatingPoint>(_ part: Number, in whole: Number) -> Number {
        whole == 0 ? 0 : part / whole
    }
}
