/// What a layer of the graph has to know of an operand besides its shape, for the engine's values do not say it.
///
/// ONNX counts the batch among the axes. A tensor whose first axis is the batch's, of size 1 for a sample at a time, has no such axis
/// inside: it is implied. `order` says for each axis of the value, the implied one included, which axis of ONNX it is: images are
/// `[0, 2, 3, 1]` inside.
struct TensorForm: Codable, Sendable, Hashable {
    var type: ONNXType
    var order: [Int]
    var impliesFirstAxis: Bool

    /// Whether values of both forms have the same axes in the same places.
    func hasAxes(of other: TensorForm) -> Bool {
        order == other.order && impliesFirstAxis == other.impliesFirstAxis
    }

    /// Checks a form that a file says, for all that reads it looks axes up without asking.
    ///
    /// - Parameter shape: that of the value, if there is one already.
    /// - Throws: `ConvNetError` of kind `format` if it does not name each axis once.
    func validate(for shape: Shape? = nil) throws {
        let rank = shape.map { $0.rank + (impliesFirstAxis ? 1 : 0) } ?? order.count
        guard order.isOrder(of: rank), !impliesFirstAxis || rank > 0 else {
            throw ConvNetError(
                .format,
                "The form of a tensor does not name each axis once",
                expected: shape.map { "an order of \(rank) axes, for \($0)" } ?? "each of \(rank) axes",
                received: "\(order)"
            )
        }
    }
}

extension [Int] {
    /// The order of axes in which channels come last: `[0, 2, 3, 1]` for images.
    static func channelsLast(_ rank: Int) -> [Int] { rank < 3 ? plain(rank) : [0] + Array(2..<rank) + [1] }
    /// The order of axes as in ONNX.
    static func plain(_ rank: Int) -> [Int] { Array(0..<rank) }
    /// The order in which a convolution's kernel is kept: ONNX' filters, channels and window as window, channels and filters.
    static func kernel(_ rank: Int) -> [Int] { rank < 2 ? plain(rank) : Array(2..<rank) + [1, 0] }
    /// Whether each of so many axes is in it once.
    func isOrder(of rank: Int) -> Bool { count == rank && sorted().isPlain }
    /// Whether all axes are where ONNX has them.
    var isPlain: Bool { self == Array(indices) }
    /// The order that undoes this one.
    var inverted: [Int] { indices.map { firstIndex(of: $0) ?? 0 } }
}
