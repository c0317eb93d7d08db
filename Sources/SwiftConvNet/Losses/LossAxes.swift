/// Axes as Keras counts them: axis 0 is the batch, and negative numbers count from the last axis.
enum LossAxes {
    /// The index of an axis in the shape of one prediction; `nil` if there is no such axis, or it is the batch axis.
    static func index(_ axis: Int, rank: Int) -> Int? {
        guard (-rank...rank).contains(axis), axis != 0 else { return nil }
        return axis < 0 ? axis + rank : axis - 1
    }

    /// Checks axes over which sums go, the batch axis among them.
    static func validate(_ axes: [Int]?, output: Shape) throws {
        guard let axes else { return }
        let rank = output.rank
        let places = axes.map { (-rank - 1...rank).contains($0) ? ($0 < 0 ? $0 + rank + 1 : $0) : -1 }
        guard !axes.isEmpty, !places.contains(-1), Set(places).count == places.count else {
            throw ConvNetError(
                .argument,
                "Not axes of a batch of predictions",
                at: "axis",
                expected: "different axes in 0...\(rank), 0 being the batch, or -\(rank + 1)...-1",
                received: "\(axes)",
                remedy: "axis: nil sums over all of them"
            )
        }
    }

    /// Whether sums go over an axis.
    ///
    /// - Parameters:
    ///   - axis: in `0...rank`, 0 being the batch.
    ///   - axes: those of the sums; `nil` for all.
    static func contains(_ axis: Int, in axes: [Int]?, rank: Int) -> Bool {
        guard let axes else { return true }
        return axes.contains { $0 == axis || $0 + rank + 1 == axis }
    }
}
