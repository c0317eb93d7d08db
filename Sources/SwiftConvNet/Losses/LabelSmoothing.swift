/// The setting that cross-entropies share.
enum LabelSmoothing {
    /// Checks that the setting is a share.
    static func validate(_ smoothing: Float) throws {
        guard (0...1).contains(smoothing) else {
            throw ConvNetError(
                .argument,
                "Not a share of the targets",
                at: "labelSmoothing",
                expected: "0...1",
                received: "\(smoothing)"
            )
        }
    }
}
