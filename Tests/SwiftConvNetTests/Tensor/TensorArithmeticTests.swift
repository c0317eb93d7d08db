import SwiftConvNet
import TestSupport
import Testing

@Suite("Tensor: arithmetic and reductions")
struct TensorArithmeticTests {
    /// The element of an array that is repeated along its axes of size 1, as NumPy repeats them.
    private static func element(_ tensor: Tensor, at index: [Int]) -> Float {
        let own = index.suffix(tensor.shape.rank)
        var offset = 0
        for (position, size) in zip(own, tensor.shape) { offset = offset * size + (size == 1 ? 0 : position) }
        return tensor.elements[offset]
    }

    @Test("with numbers, on either side")
    func numbers() throws {
        let x = try Tensor([[1, -2], [3, 0.5]])
        #expect((x + 1).elements == [2, -1, 4, 1.5])
        #expect((1 - x).elements == [0, 3, -2, 0.5])
        #expect((x - 1).elements == [0, -3, 2, -0.5])
        #expect((x * 2).elements == [2, -4, 6, 1])
        #expect((2 * x) == x * 2)
        #expect((x / 4).elements == [0.25, -0.5, 0.75, 0.125])
        #expect((6 / x).elements == [6, -3, 2, 12])
        #expect((1 + x) == x + 1)
        #expect((-x).elements == [-1, 2, -3, -0.5])
        #expect((x / 255).elements == x.elements.map { $0 / 255 })
        #expect(x.map { $0 * $0 }.elements == [1, 4, 9, 0.25])
        var y = x
        y += 3
        y -= 1
        y *= 4
        y /= 2
        #expect(y == (x + 2) * 2)
        #expect(x.elements == [1, -2, 3, 0.5], "the operands stay as they are")
        #expect(try (Tensor(zeros: [0, 3]) + 1).shape == [0, 3])
    }

    @Test(
        "between tensors, with axes of size 1 repeated",
        arguments: [
            ([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 3]), ([4, 2, 3], [2, 1]),
            ([4, 1, 3, 1], [2, 1, 5]), ([], [2, 2]), ([2, 2], []), ([5, 4, 3], [5, 1, 3]), ([1], [1, 1]),
            ([0, 3], [1, 3]), ([2, 3, 4, 5], [5]), ([2, 3, 4, 5], [3, 1, 1]),
        ] as [(Shape, Shape)]
    )
    func broadcasting(first: Shape, second: Shape) throws {
        let a = try TestValues.uniform(first, seed: 1), b = try TestValues.uniform(second, seed: 2) + 2
        let cases: [(Tensor, (Float, Float) -> Float)] = [
            (try a + b, { $0 + $1 }), (try a - b, { $0 - $1 }), (try a * b, { $0 * $1 }),
            (try a / b, { $0 / $1 }),
        ]
        for (result, operation) in cases {
            let expected = try Tensor(shape: result.shape) { index in
                operation(Self.element(a, at: index), Self.element(b, at: index))
            }
            #expect(result == expected)
            #expect(result.shape.rank == max(first.rank, second.rank))
        }
    }

    @Test("shapes that do not fit are an error that shows both")
    func misfits() throws {
        let a = try Tensor(zeros: [2, 3])
        for shape in [[2], [3, 3], [2, 3, 1], [4, 3, 3]] as [Shape] {
            let error = try #require(throws: ConvNetError.self) { _ = try a * Tensor(zeros: shape) }
            #expect(error.kind == .shape)
            #expect(error.received == "[2, 3] and \(shape)")
        }
    }

    @Test("sums, means, deviations and extremes of all elements")
    func ofAll() throws {
        let x = try Tensor([[1, 2, 3], [4, 5, 9]])
        #expect(x.sum() == 24)
        #expect(x.mean() == 4)
        // numpy.std of the same: sqrt(40 / 6).
        #expect(abs(x.standardDeviation() - 2.581_988_9) < 1e-6)
        #expect(x.min() == 1)
        #expect(x.max() == 9)
        let nothing = try Tensor(zeros: [0, 4])
        #expect(nothing.sum() == 0)
        #expect(nothing.mean().isNaN && nothing.standardDeviation().isNaN)
        #expect(nothing.min().isNaN && nothing.max().isNaN)
        let odd = try Tensor([1, .nan, 3])
        #expect(odd.min().isNaN && odd.max().isNaN && odd.sum().isNaN)
        // In single precision the sum would stop at 2^24.
        #expect(try Tensor(shape: [1 << 25], repeating: 1).sum() == Float(1 << 25))
    }

    @Test(
        "the same along axes",
        arguments: [
            ([2, 3, 4], [0]), ([2, 3, 4], [1]), ([2, 3, 4], [-1]), ([2, 3, 4], [0, 2]),
            ([2, 3, 4], [2, 1, 0]),
            ([5, 1, 3], [0, 1]), ([4], [0]), ([2, 3], []), ([3, 1, 1], [1]), ([2, 3, 4, 5], [0, 1, 2]),
        ] as [(Shape, [Int])]
    )
    func alongAxes(shape: Shape, axes: [Int]) throws {
        let x = try TestValues.uniform(shape, seed: 5)
        let removed = Set(axes.map { $0 < 0 ? $0 + shape.rank : $0 })
        var groups: [[Int]: [Double]] = [:]
        _ = try Tensor(shape: shape) { index in
            let value = Self.element(x, at: index)
            groups[index.indices.map { removed.contains($0) ? 0 : index[$0] }, default: []].append(
                Double(value)
            )
            return value
        }
        func expected(_ reduce: ([Double]) -> Double) -> [Float] {
            groups.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { Float(reduce(groups[$0] ?? [])) }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        func deviation(_ values: [Double]) -> Double {
            let mean = mean(values)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
        let kept = Shape(shape.indices.map { removed.contains($0) ? 1 : shape[$0] })
        let short = Shape(shape.indices.filter { !removed.contains($0) }.map { shape[$0] })
        // Both sides add in double precision in one order, and round once.
        #expect(try x.sum(axes: axes).elements == expected { $0.reduce(0, +) })
        #expect(try x.mean(axes: axes).elements == expected(mean))
        #expect(try x.standardDeviation(axes: axes).elements == expected(deviation))
        #expect(try x.min(axes: axes).elements == expected { $0.min() ?? .nan })
        #expect(try x.max(axes: axes).elements == expected { $0.max() ?? .nan })
        #expect(try x.mean(axes: axes).shape == short)
        #expect(try x.max(axes: axes, keepDims: true).shape == kept)
    }

    @Test("axes that there are not, or twice, are errors; reductions without elements are what NumPy's are")
    func badAxes() throws {
        let x = try Tensor(zeros: [2, 3])
        for axes in [[2], [-3], [0, 0], [1, -1]] {
            let error = try #require(throws: ConvNetError.self) { _ = try x.sum(axes: axes) }
            #expect(error.kind == .argument)
            #expect(error.received == "\(axes)")
        }
        let nothing = try Tensor(zeros: [0, 2])
        #expect(try nothing.sum(axes: [0]).elements == [0, 0])
        #expect(try nothing.max(axes: [0]).elements.allSatisfy(\.isNaN))
        #expect(try nothing.mean(axes: [1]).shape == [0])
    }

    @Test("images are standardised by channel in two lines")
    func standardising() throws {
        let images = try TestValues.uniform([6, 5, 4, 3], seed: 2) * 7 + 3
        let centred = try images - images.mean(axes: [0, 1, 2])
        let x = try centred / images.standardDeviation(axes: [0, 1, 2])
        // 120 numbers a channel, each rounded to 24 bits.
        #expect(try x.mean(axes: [0, 1, 2]).elements.allSatisfy { abs($0) < 1e-6 })
        #expect(try x.standardDeviation(axes: [0, 1, 2]).elements.allSatisfy { abs($0 - 1) < 1e-6 })
    }
}
