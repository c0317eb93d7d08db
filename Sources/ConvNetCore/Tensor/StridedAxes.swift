/// How several arrays are walked through together: sizes, and for each array the step from one element to the next along each axis.
struct StridedAxes {
    private(set) var sizes: [Int]
    /// One list for each array, with one step for each axis.
    private(set) var steps: [[Int]]

    /// Axes of `sizes`, without those of one element, and with neighbours made one where all arrays allow it.
    init(_ sizes: [Int], _ steps: [[Int]]) {
        self.sizes = []
        self.steps = steps.map { _ in [] }
        for axis in sizes.indices where sizes[axis] != 1 {
            let last = self.sizes.count - 1
            let joins =
                last >= 0
                && steps.indices.allSatisfy { self.steps[$0][last] == steps[$0][axis] * sizes[axis] }
            if joins {
                self.sizes[last] *= sizes[axis]
                for array in steps.indices { self.steps[array][last] = steps[array][axis] }
            } else {
                self.sizes.append(sizes[axis])
                for array in steps.indices { self.steps[array].append(steps[array][axis]) }
            }
        }
        if self.sizes.isEmpty {
            self.sizes = [1]
            self.steps = steps.map { _ in [0] }
        }
    }

    /// Whether there is nothing to walk through.
    var isEmpty: Bool { sizes.contains(0) }

    /// Memory for an index.
    var index: [Int] { [Int](repeating: 0, count: sizes.count) }
}

extension Shape {
    /// The step from one element to the next along each axis of a contiguous array.
    var steps: [Int] {
        var steps = [Int](repeating: 1, count: rank)
        for axis in indices.reversed().dropFirst() { steps[axis] = steps[axis + 1] * self[axis + 1] }
        return steps
    }

    /// The axes of numbers that may count from the end, as -1 does.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for an axis that there is not, or one named twice.
    func axes(_ numbers: [Int], at place: String) throws -> [Int] {
        let axes = numbers.map { $0 < 0 ? $0 + rank : $0 }
        guard axes.allSatisfy({ indices.contains($0) }), Set(axes).count == axes.count else {
            throw ConvNetError(
                .argument,
                "Not axes of the tensor",
                at: place,
                expected: rank == 0
                    ? "none" : "each at most once of \(-rank)..<\(rank), for the shape \(self)",
                received: "\(numbers)"
            )
        }
        return axes
    }
}
