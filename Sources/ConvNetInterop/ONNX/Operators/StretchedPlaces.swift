/// Where the elements of a larger shape are in one that stretches to it.
struct StretchedPlaces: Sendable {
    private enum Map: Sendable {
        case same, single
        /// For each axis that is not stretched: places of the larger shape from one index to the next, its size, and the stride.
        case axes([(step: Int, size: Int, stride: Int)])
    }

    private let map: Map

    init(_ dims: [Int], to outer: [Int]) {
        let strides = Literal.stretched(dims, to: outer), steps = Literal.strides(outer)
        if dims.reduce(1, *) == 1 {
            map = .single
        } else if strides == steps.indices.map({ outer[$0] == 1 ? 0 : steps[$0] }) {
            map = .same
        } else {
            map = .axes(
                outer.indices.filter { strides[$0] != 0 }.map { (steps[$0], outer[$0], strides[$0]) }
            )
        }
    }

    /// The place of an element, by its place in the larger shape.
    subscript(place: Int) -> Int {
        switch map {
        case .same: return place
        case .single: return 0
        case .axes(let axes):
            var own = 0
            for axis in axes { own += place / axis.step % axis.size * axis.stride }
            return own
        }
    }
}
