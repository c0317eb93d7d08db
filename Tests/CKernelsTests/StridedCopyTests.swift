import CKernels
import Testing

@Suite("Copies along any steps")
struct StridedCopyTests {
    /// Axes are exchanged, with rows that are shorter, longer and no multiple of the pieces in which far elements are gathered.
    @Test(
        "every element comes to its place",
        arguments: [[3, 4], [40, 30], [16, 17], [33, 5, 20], [50, 3, 3, 18], [1, 19]],
        [0, 1]
    )
    func places(sizes: [Int], rotation: Int) {
        let rank = sizes.count
        // Backwards, or by one place.
        let order = rotation == 0 ? Array((0..<rank).reversed()) : (0..<rank).map { ($0 + 1) % rank }
        func steps(_ sizes: [Int]) -> [Int] {
            var steps = [Int](repeating: 1, count: rank)
            for axis in (0..<(rank - 1)).reversed() { steps[axis] = steps[axis + 1] * sizes[axis + 1] }
            return steps
        }
        let count = sizes.reduce(1, *), x = (0..<count).map { Float($0) }
        let target = order.map { sizes[$0] }, xSteps = order.map { steps(sizes)[$0] }, ySteps = steps(target)
        var y = [Float](repeating: -1, count: count), index = [Int](repeating: 7, count: rank)
        ck_copy_strided(x, xSteps, &y, ySteps, rank, target, &index)
        for place in 0..<count {
            var source = 0
            for axis in 0..<rank { source += place / ySteps[axis] % target[axis] * xSteps[axis] }
            #expect(y[place] == x[source])
        }
    }
}
