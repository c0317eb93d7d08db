/// Goes through the windows of an image `[sizes, channels]` of any number of axes, for rules that no kernel knows. Nothing is
/// allocated, and no table grows with the window.
struct WindowWalk: Sendable {
    /// The shape of the output.
    let output: Shape
    private let sizes: [Int], channels: Int
    private let window: WindowSettings
    /// Places of the output from one to the next along each axis.
    private let steps: [Int]

    /// - Throws: `ConvNetError` of kind `shape` if the window fits nowhere, or the output does not fit in memory.
    init(_ shape: Shape, _ window: WindowSettings, _ places: [Int]) throws {
        sizes = Array(shape.dropLast())
        channels = shape.last ?? 1
        output = try Shape(places + [channels]).validated(as: "places of the window", minimum: 1)
        steps = Literal.strides(places)
        self.window = window
    }

    /// The number of elements of the output.
    var count: Int { output.elementCount }

    /// Calls `body` with each element of the image under the window of an element of the output.
    func forEachElement(under place: Int, _ body: (Int) -> Void) { visit(0, 0, place, body) }

    private func visit(_ axis: Int, _ start: Int, _ place: Int, _ body: (Int) -> Void) {
        guard axis < sizes.count else { return body(start * channels + place % channels) }
        let origin = origin(of: place, axis), dilation = window.dilations[axis]
        let first = origin >= 0 ? 0 : (dilation - 1 - origin) / dilation
        let end = taps(from: origin, axis, before: sizes[axis])
        guard first < end else { return }
        for tap in first..<end {
            visit(axis + 1, start * sizes[axis] + origin + tap * dilation, place, body)
        }
    }

    /// The number of elements of the image under the window of an element of the output.
    func elementCount(under place: Int) -> Int {
        sizes.indices.reduce(1) { count, axis in
            let origin = origin(of: place, axis), dilation = window.dilations[axis]
            let first = origin >= 0 ? 0 : (dilation - 1 - origin) / dilation
            return count * max(taps(from: origin, axis, before: sizes[axis]) - first, 0)
        }
    }

    /// The same, those in the border among them.
    func covered(_ place: Int) -> Int {
        sizes.indices.reduce(1) { count, axis in
            count * taps(from: origin(of: place, axis), axis, before: sizes[axis] + window.after[axis])
        }
    }

    /// The place of an element in an image whose channels come first.
    func index(of element: Int) -> Int {
        element % channels * sizes.reduce(1, *) + element / channels
    }

    /// Where the window of an element of the output begins along an axis: below 0 in the border.
    private func origin(of place: Int, _ axis: Int) -> Int {
        place / channels / steps[axis] % output[axis] * window.strides[axis] - window.before[axis]
    }

    /// The elements of a window up to an end.
    private func taps(from origin: Int, _ axis: Int, before end: Int) -> Int {
        guard origin < end else { return 0 }
        return min(window.window[axis], (end - 1 - origin) / window.dilations[axis] + 1)
    }
}
