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
}

extension [Int] {
    /// The order of axes in which channels come last: `[0, 2, 3, 1]` for images.
    static func channelsLast(_ rank: Int) -> [Int] { rank < 3 ? plain(rank) : [0] + Array(2..<rank) + [1] }
    /// The order of axes as in ONNX.
    static func plain(_ rank: Int) -> [Int] { Array(0..<rank) }
    /// The order in which a convolution's kernel is kept: ONNX' filters, channels and window as window, channels and filters.
    static func kernel(_ rank: Int) -> [Int] { Array(2..<rank) + [1, 0] }
    /// Whether all axes are where ONNX has them.
    var isPlain: Bool { self == Array(indices) }
    /// The order that undoes this one.
    var inverted: [Int] { indices.map { firstIndex(of: $0) ?? 0 } }
}
