extension LineChart {
    /// What an axis shows.
    public struct Axis: Sendable, Hashable {
        /// How the numbers at the ticks are written.
        public enum NumberStyle: String, Sendable, Hashable {
            /// `0.95`, and `2.5e-6` or `3e8` where plain numbers would be long.
            case plain
            /// `95 %` for 0.95.
            case percent
        }

        /// The quantity, with its unit if it has one.
        public var label: String
        /// How the numbers at the ticks are written.
        public var numbers: NumberStyle

        /// An axis with a label.
        public init(_ label: String, numbers: NumberStyle = .plain) {
            self.label = label
            self.numbers = numbers
        }
    }
}

extension LineChart.Axis: ExpressibleByStringLiteral {
    /// An axis with the label alone.
    public init(stringLiteral label: String) { self.init(label) }
}
