/// Which part of a line of text its position names.
package enum TextAnchor: String, Sendable {
    case start, middle, end
}
