/// Which element of a tensor each element of another one is: strides through memory, and borders of a constant.
///
/// A map begins as the identity of a shape, and is changed axis by axis: permuted, sliced, flipped, repeated, padded.
package struct StridedMap: Sendable, Hashable {
    /// Indices at equal distances in the input.
    package struct Loop: Sendable, Hashable {
        package var count: Int
        /// Elements of the input from one to the next: 0 where one is repeated.
        package var stride: Int
    }

    /// An axis of the output.
    package struct Axis: Sendable, Hashable {
        /// What its elements are, outermost first: two loops where elements are repeated.
        package var loops: [Loop]
        /// Elements of the border.
        package var before = 0, after = 0

        /// Elements that come from the input; saturated, so that huge arguments are a size that no shape allows.
        package var inside: Int { loops.reduce(1) { saturatedProduct($0, $1.count) } }
        package var size: Int {
            let (sum, overflow) = inside.addingReportingOverflow(before + after)
            return overflow ? .max : sum
        }
    }

    /// The shape of the input.
    package let input: Shape
    /// The element of the input from which the strides count.
    package private(set) var offset = 0
    package private(set) var axes: [Axis]

    /// The identity.
    package init(_ shape: Shape) {
        input = shape
        var stride = shape.elementCount
        axes = shape.map { size in
            stride /= max(size, 1)
            return Axis(loops: [Loop(count: size, stride: stride)])
        }
    }

    /// The shape of the output.
    package var shape: Shape { Shape(axes.map(\.size)) }

    // MARK: Changes, each of an axis that is there

    /// With the axes in another order: axis i of the output is `order[i]` of the input.
    package func permuted(_ order: [Int]) -> StridedMap {
        var map = self
        map.axes = order.map { axes[$0] }
        return map
    }

    /// With `count` elements of an axis, from `first` on, `step` apart; a negative step goes backwards.
    ///
    /// - Precondition: the axis is as it was in the input, and has these elements.
    package func sliced(_ axis: Int, from first: Int, by step: Int = 1, count: Int) -> StridedMap {
        precondition(axes[axis].loops.count == 1 && axes[axis].before == 0 && axes[axis].after == 0)
        var map = self
        let stride = axes[axis].loops[0].stride
        map.offset += first * stride
        // A single element has no next one: so no step, however huge, is multiplied.
        map.axes[axis].loops = [Loop(count: count, stride: count > 1 ? step * stride : stride)]
        return map
    }

    /// With the elements of an axis in reverse.
    package func flipped(_ axis: Int) -> StridedMap {
        let size = axes[axis].inside
        return sliced(axis, from: size - 1, by: -1, count: size)
    }

    /// With each element of an axis `count` times.
    package func repeated(_ axis: Int, _ count: Int) -> StridedMap {
        var map = self
        map.axes[axis].loops.append(Loop(count: count, stride: 0))
        return map
    }

    /// With an axis `count` times, one after the other.
    package func tiled(_ axis: Int, _ count: Int) -> StridedMap {
        var map = self
        map.axes[axis].loops.insert(Loop(count: count, stride: 0), at: 0)
        return map
    }

    /// With a border: so many elements before and behind, at most `largestSize` each.
    package func padded(_ axis: Int, before: Int, after: Int) -> StridedMap {
        var map = self
        map.axes[axis].before += before
        map.axes[axis].after += after
        return map
    }
}

/// The product, or the largest number if it is larger still.
private func saturatedProduct(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
}
