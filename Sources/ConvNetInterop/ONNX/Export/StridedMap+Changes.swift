import SwiftConvNet

/// Maps as changes of whole axes, which ONNX has nodes for.
extension StridedMap {
    /// What becomes of an axis: elements at equal distances, each repeated, all of them tiled, with a border.
    struct Change {
        var first = 0, step = 1, count = 0
        var repeats = 1, tiles = 1
        var before = 0, after = 0
    }

    /// For each axis of the output, that of the input, if the axes change places and no more.
    var permutation: [Int]? {
        var order: [Int] = []
        for axis in axes {
            let place = input.indices.first { place in
                !order.contains(place) && axis.loops.count == 1 && axis.loops[0].count == input[place]
                    && axis.loops[0].stride == strides[place]
            }
            guard let place else { return nil }
            order.append(place)
        }
        return order.count == input.rank && StridedMap(input).permuted(order) == self ? order : nil
    }

    /// The change of each axis, if no axes change places.
    var changes: [Change]? {
        guard axes.count == input.rank else { return nil }
        var changes: [Change] = []
        var map = StridedMap(input)
        for (place, axis) in axes.enumerated() {
            var change = Change(before: axis.before, after: axis.after)
            // One loop goes through the input, and others with a stride of 0 stand around it. An axis of size 1 may be any of them.
            guard let main = axis.loops.firstIndex(where: { $0.stride != 0 }) else { return nil }
            let loop = axis.loops[main], size = input[place], stride = max(strides[place], 1)
            change.count = loop.count
            change.step = loop.count > 1 ? loop.stride / stride : 1
            change.first = offset / stride % max(size, 1)
            change.tiles = axis.loops[..<main].reduce(1) { $0 * $1.count }
            change.repeats = axis.loops[(main + 1)...].reduce(1) { $0 * $1.count }
            let last = change.first + (change.count - 1) * change.step
            guard (0..<size).contains(change.first), (0..<size).contains(last), change.count > 0 else {
                return nil
            }
            map = map.sliced(place, from: change.first, by: change.step, count: change.count)
            for loop in axis.loops[..<main].reversed() { map = map.tiled(place, loop.count) }
            for loop in axis.loops[(main + 1)...] { map = map.repeated(place, loop.count) }
            map = map.padded(place, before: axis.before, after: axis.after)
            changes.append(change)
        }
        // The map that these changes make is the one at hand, or there is more to it.
        return map == self ? changes : nil
    }

    /// Elements of the input from one place of each axis to the next.
    private var strides: [Int] {
        var stride = 1
        return input.dimensions.reversed().map { size in
            defer { stride *= size }
            return stride
        }.reversed()
    }
}
