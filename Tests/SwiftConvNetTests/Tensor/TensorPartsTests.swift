import SwiftConvNet
import TestSupport
import Testing

@Suite("Tensor: slices, joins and orders")
struct TensorPartsTests {
    private let x: Tensor

    init() throws { x = try Tensor(shape: [4, 3, 2]) { Float($0[0] * 100 + $0[1] * 10 + $0[2]) } }

    @Test("slices along the first axes, by every kind of range")
    func slices() throws {
        #expect(try x[1..<3] == x.sliced(1..<3))
        #expect(try x[2...] == x.sliced(2..<4))
        #expect(try x[..<2] == x.sliced(0..<2))
        #expect(try x[...1] == x.sliced(0..<2))
        #expect(try x[1...2] == x.sliced(1..<3))
        #expect(try x[0..., 1..<2].shape == [4, 1, 2])
        #expect(try x[1..<3, 1..<2, 1...].elements == [111, 211])
        #expect(try x[3..<3].shape == [0, 3, 2])
        #expect(try x[0..., 0..., 0...] == x)
        #expect(x[3, 2, 1] == 321, "numbers give an element, as before")
    }

    @Test("slices outside the tensor are errors, not traps")
    func badSlices() throws {
        let attempts: [() throws -> Tensor] = [
            { try x[0..<5] }, { try x[5...] }, { try x[..<9] }, { try x[(-1)..<2] }, { try x[0..., 0..<4] },
            { try x[0..., 0..., 0..., 0...] }, { try x[0...Int.max] }, { try Tensor(zeros: [])[0..<1] },
            { try x[...Int.max] },
        ]
        for attempt in attempts {
            let error = try #require(throws: ConvNetError.self) { _ = try attempt() }
            #expect(error.kind == .shape)
        }
    }

    @Test("axes in another order")
    func transposing() throws {
        let matrix = try Tensor([[1, 2, 3], [4, 5, 6]])
        #expect(try matrix.transposed() == Tensor([[1, 4], [2, 5], [3, 6]]))
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0], [0, -1, 1]] {
            let axes = order.map { $0 < 0 ? $0 + 3 : $0 }
            let result = try x.transposed(order)
            let expected = try Tensor(shape: Shape(axes.map { x.shape[$0] })) { index in
                var own = [0, 0, 0]
                for (place, axis) in axes.enumerated() { own[axis] = index[place] }
                return x[own[0], own[1], own[2]]
            }
            #expect(result == expected)
        }
        for order in [[0, 1], [0, 0, 1], [0, 1, 3], []] {
            let error = try #require(throws: ConvNetError.self) { _ = try x.transposed(order) }
            #expect(error.kind == .argument)
        }
        #expect(try Tensor(zeros: [0, 3]).transposed().shape == [3, 0])
        #expect(try Tensor(zeros: []).transposed().shape == [])
    }

    @Test("one after the other along an axis")
    func concatenating() throws {
        for axis in [0, 1, 2, -1] {
            let place = axis < 0 ? axis + 3 : axis
            let parts = try [0..<1, 1..<2, 2..<x.shape[place]].filter { !$0.isEmpty }.map { range in
                switch place {
                case 0: try x[range]
                case 1: try x[0..., range]
                default: try x[0..., 0..., range]
                }
            }
            #expect(try Tensor(concatenating: parts, axis: axis) == x)
        }
        #expect(try Tensor(concatenating: [x]) == x)
        #expect(
            try Tensor(concatenating: [Tensor([1, 2]), Tensor(zeros: [0]), Tensor([3])]).elements == [
                1, 2, 3,
            ]
        )
        let misfit = try #require(throws: ConvNetError.self) {
            _ = try Tensor(concatenating: [x, Tensor(zeros: [4, 2, 2])])
        }
        #expect(misfit.kind == .shape)
        #expect(misfit.location == "part 1")
        for attempt in [
            { try Tensor(concatenating: []) }, { try Tensor(concatenating: [x], axis: 3) },
            { try Tensor(concatenating: [Tensor(zeros: [])]) },
        ] {
            let error = try #require(throws: ConvNetError.self) { _ = try attempt() }
            #expect(error.kind == .argument)
        }
    }

    @Test("samples and labels shuffled by one seed stay together, and so do datasets")
    func shuffling() throws {
        let count = 50
        let x = try Tensor(shape: [count, 2]) { Float($0[0]) }
        let y = Labels((0..<count).map { Int32($0) })
        let (a, b) = (try x.shuffled(seed: 3), y.shuffled(seed: 3))
        #expect(a.elements.enumerated().allSatisfy { $1 == Float(b[$0 / 2]) })
        #expect(b.values != y.values)
        #expect(b.values.sorted() == y.values)
        #expect(y.shuffled(seed: 3) == b)
        #expect(y.shuffled(seed: 4) != b)
        let data = try ArrayDataset(x, y).shuffled(seed: 3)
        #expect(try data.images == a)
        #expect(data.labels == b)
        let bytes = try ByteTensor((0..<count).map { UInt8($0) }, shape: [count, 1], scale: 1)
        #expect(try ArrayDataset(bytes, y).shuffled(seed: 3).images.elements == b.map { Float($0) })
        #expect(try Tensor(zeros: [0, 3]).shuffled(seed: 1).shape == [0, 3])
    }

    @Test("in two parts")
    func splitting() throws {
        let (head, tail) = try x.split(at: 3)
        #expect(try head == x[..<3] && tail == x[3...])
        let y: Labels = [1, 2, 3, 4]
        #expect(try y.split(at: 1) == ([1], [2, 3, 4]))
        #expect(try y.sliced(1..<3) == [2, 3])
        let data = try ArrayDataset(x, y)
        let (first, second) = try data.split(at: 4)
        #expect(first.count == 4 && second.count == 0)
        for attempt in [
            { _ = try x.split(at: 5) }, { _ = try y.split(at: -1) }, { _ = try data.split(at: 9) },
            { _ = try y.sliced(0..<9) }, { _ = try y.gathered([4]) }, { _ = try x.gathered([-1]) },
        ] as [() throws -> Void] {
            #expect(throws: ConvNetError.self) { try attempt() }
        }
    }

    @Test("a part to train on and one to test with")
    func trainTestSplit() throws {
        let data = try ArrayDataset(
            Tensor(shape: [10, 1]) { Float($0[0]) },
            Labels((0..<10).map { Int32($0) })
        )
        let (train, test) = try data.trainTestSplit(seed: 1)
        // scikit-learn rounds the test part up: 0.25 of 10 are 3.
        #expect(train.count == 7 && test.count == 3)
        let all = (train.labels ?? []).values + (test.labels ?? []).values
        #expect(all.sorted() == Array(0..<10))
        #expect(try train.images.elements == (train.labels ?? []).map { Float($0) })
        let plain = try data.trainTestSplit(testSize: 0.2, shuffle: false)
        #expect(plain.test.labels == [8, 9])
        for share in [0, 1, -1, 0.95, .nan] {
            #expect(throws: ConvNetError.self) { _ = try data.trainTestSplit(testSize: share) }
        }
    }
}
