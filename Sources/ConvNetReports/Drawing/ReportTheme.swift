/// The colours of an SVG picture: dark on light, light on dark, or as the reader's system asks.
public enum ReportTheme: String, Sendable, Hashable, CaseIterable {
    /// Light, and dark where the reader's system prefers it.
    ///
    /// Light colours stand in the elements' attributes, dark ones in a style sheet behind
    /// `prefers-color-scheme`. Programs that know nothing of style sheets draw the light picture, and as
    /// the picture brings its own background, that is readable everywhere.
    case automatic
    /// Dark on light, whatever the reader's system prefers.
    case light
    /// Light on dark, whatever the reader's system prefers.
    case dark
}
