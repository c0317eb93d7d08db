import SwiftConvNet

extension Reference {
    /// What elements are divided by, after the mean is taken off or not.
    public enum Divisor: Sendable { case deviation, rootMeanSquare, norm }

    /// Elements of one group normalised by their own statistics; then scaled and shifted.
    ///
    /// - Parameters:
    ///   - group: the group of an element, by its index along each axis, the batch first.
    ///   - parameter: the element of gamma and beta that it has.
    public static func normalize(
        _ x: ReferenceTensor,
        by divisor: Divisor,
        epsilon: Double,
        gamma: ReferenceTensor?,
        beta: ReferenceTensor?,
        group: ([Int]) -> [Int],
        parameter: ([Int]) -> Int
    ) -> ReferenceTensor {
        var members: [[Int]: [Int]] = [:]
        for place in x.elements.indices { members[group(x.index(of: place)), default: []].append(place) }
        var y = x
        for places in members.values {
            let count = Double(places.count)
            let mean =
                divisor == .deviation ? places.reduce(0) { $0 + x.elements[$1] } / count : 0
            let squares = places.reduce(0) { $0 + (x.elements[$1] - mean) * (x.elements[$1] - mean) }
            let root =
                divisor == .norm
                ? max(squares.squareRoot(), 1e-12) : (squares / count + epsilon).squareRoot()
            for place in places {
                let element = parameter(x.index(of: place))
                y.elements[place] = (x.elements[place] - mean) / root * (gamma?.elements[element] ?? 1)
                y.elements[place] += beta?.elements[element] ?? 0
            }
        }
        return y
    }

    /// The same over some axes, counted with the batch as 0.
    public static func normalize(
        _ x: ReferenceTensor,
        axes: [Int],
        by divisor: Divisor,
        epsilon: Double = 0,
        gamma: ReferenceTensor? = nil,
        beta: ReferenceTensor? = nil
    ) -> ReferenceTensor {
        normalize(
            x,
            by: divisor,
            epsilon: epsilon,
            gamma: gamma,
            beta: beta,
            group: { index in index.indices.filter { !axes.contains($0) }.map { index[$0] } },
            parameter: { index in axes.reduce(0) { $0 * x.shape[$1] + index[$1] } }
        )
    }
}

extension ReferenceTensor {
    /// The index along each axis of an element.
    public func index(of place: Int) -> [Int] {
        var rest = place
        var index = shape
        for axis in shape.indices.reversed() {
            index[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return index
    }
}
