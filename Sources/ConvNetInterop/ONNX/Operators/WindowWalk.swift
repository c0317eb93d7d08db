/// Goes through the windows of an image `[sizes, channels]` of any number of axes, for rules that no kernel knows.
struct WindowWalk: Sendable {
    /// The shape of the output.
    let output: Shape
    private let sizes: [Int], channels: Int
    /// For each axis and each of its places, the elements of the axis under the window.
    private let elements: [[[Int]]]
    /// For each axis and each of its places, the elements of the window within image and border.
    private let counts: [[Int]]

    init(_ shape: Shape, _ window: WindowSettings, _ places: [Int]) {
        let sizes = Array(shape.dropLast())
        self.sizes = sizes
        channels = shape.last ?? 1
        output = Shape(places + [channels])
        let all = sizes.indices.map { axis in
            (0..<places[axis]).map { place in
                (0..<window.window[axis]).map {
                    place * window.strides[axis] + $0 * window.dilations[axis] - window.before[axis]
                }
            }
        }
        elements = all.enumerated().map { axis, places in
            places.map { $0.filter { (0..<sizes[axis]).contains($0) } }
        }
        counts = all.enumerated().map { axis, places in
            let end = sizes[axis] + window.after[axis]
            return places.map { $0.count { $0 < end } }
        }
    }

    /// Calls `body` with each element of the output and those of the image under its window.
    func forEach(_ body: (Int, [Int]) -> Void) {
        for place in 0..<output.elementCount {
            var found = [0], rest = place / channels
            var indices = [Int](repeating: 0, count: sizes.count)
            for axis in sizes.indices.reversed() {
                indices[axis] = rest % output[axis]
                rest /= output[axis]
            }
            for axis in sizes.indices {
                found = found.flatMap { start in
                    elements[axis][indices[axis]].map { start * sizes[axis] + $0 }
                }
            }
            body(place, found.map { $0 * channels + place % channels })
        }
    }

    /// The elements of the window at a place, those in the border among them.
    func covered(_ place: Int) -> Int {
        var count = 1, rest = place / channels
        for axis in sizes.indices.reversed() {
            count *= counts[axis][rest % output[axis]]
            rest /= output[axis]
        }
        return count
    }

    /// The place of an element in an image whose channels come first.
    func index(of element: Int) -> Int {
        element % channels * sizes.reduce(1, *) + element / channels
    }
}
