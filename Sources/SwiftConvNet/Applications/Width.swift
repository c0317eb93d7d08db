/// How wide the layers of a network are, as a share of its first form: Keras' `alpha`.
struct Width {
    private let share: Double
    /// The largest share, so that no number of channels is beyond what an `Int` holds.
    private static let largest = 100.0

    /// - Throws: `ConvNetError` of kind `argument` unless the share is within 0...100, and more than 0.
    init(_ share: Double, of name: String) throws {
        guard share > 0, share <= Self.largest else {
            throw ConvNetError(
                .argument,
                "Not a share of the width",
                at: "\(name), alpha",
                expected: "more than 0, at most 100; 1 for the network's first form",
                received: "\(share)"
            )
        }
        self.share = share
    }

    /// Whether layers are wider than in the first form.
    var isLarger: Bool { share > 1 }

    /// A share of a number of channels, rounded down.
    func callAsFunction(_ channels: Int) -> Int { Int(Double(channels) * share) }

    /// A share of a number of channels as a multiple of 8.
    func divisible(_ channels: Int) -> Int { makeDivisible(Double(channels) * share) }
}

/// The multiple of 8 next to a number of channels, at least 8 and at least 0.9 times the number: `_make_divisible` of Keras and
/// of Google's first implementations (github.com/tensorflow/models, `slim/nets/mobilenet/mobilenet.py`).
func makeDivisible(_ channels: Double) -> Int {
    let divisor = 8
    let rounded = max(divisor, Int(channels + Double(divisor) / 2) / divisor * divisor)
    return Double(rounded) < 0.9 * channels ? rounded + divisor : rounded
}
