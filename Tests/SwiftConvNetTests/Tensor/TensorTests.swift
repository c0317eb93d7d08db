import SwiftConvNet
import Testing

@Suite("Tensor")
struct TensorTests {
    @Test("Nested arrays, a closure and a buffer make the same tensor")
    func construction() throws {
        let nested = try Tensor([[[1, 2], [3, 4], [5, 6]]])
        let closure = try Tensor(shape: [1, 3, 2]) { index in Float(index[1] * 2 + index[2] + 1) }
        let buffer = try Tensor(shape: [1, 3, 2]) { values in
            for place in values.indices { values[place] = Float(place + 1) }
        }
        #expect(nested.shape == [1, 3, 2])
        #expect(nested == closure && closure == buffer)
        #expect(try Tensor([1, 2, 3, 4, 5, 6], shape: [1, 3, 2]) == nested)
        #expect(try Tensor([[[[7]]]]).shape == [1, 1, 1, 1])
        #expect(try Tensor(shape: [2, 2], repeating: 3).elements == [3, 3, 3, 3])
        #expect(try Tensor([5, 6]).shape == [2])
    }

    @Test("Rows of different lengths, and shapes that do not fit, are errors of kind shape")
    func shapeErrors() {
        let attempts: [() throws -> Tensor] = [
            { try Tensor([[1, 2], [3]]) },
            { try Tensor([[[1], [2, 3]]]) },
            { try Tensor([1, 2, 3], shape: [2, 2]) },
            { try Tensor(zeros: [-1, 3]) },
            { try Tensor(zeros: [Int.max, 2]) },
            { try Tensor([1, 2, 3]).reshaped(to: [2, 2]) },
            { try Tensor([1, 2, 3]).sliced(1..<5) },
            { try Tensor([1, 2, 3]).sliced(-1..<1) },
            { try Tensor([7], shape: []).sliced(0..<1) },
        ]
        for (place, attempt) in attempts.enumerated() {
            let error = #expect(throws: ConvNetError.self) { try attempt() }
            #expect(error?.kind == .shape, "attempt \(place)")
        }
    }

    @Test("A copy that is written to leaves the other as it was")
    func copyOnWrite() throws {
        let first = try Tensor([[1, 2], [3, 4]])
        var second = try first.reshaped(to: [4])
        second[3] = 9
        #expect(first[1, 1] == 4)
        #expect(second.elements == [1, 2, 3, 9])
    }

    @Test("Memory begins on a cache line")
    func alignment() throws {
        for count in [1, 3, 17, 1_000] {
            let address = try Tensor(zeros: [count]).withUnsafeBufferPointer {
                UInt(bitPattern: $0.baseAddress)
            }
            #expect(address.isMultiple(of: 64))
        }
    }

    @Test("A slice is the samples of a range")
    func slices() throws {
        let tensor = try Tensor([[1, 2], [3, 4], [5, 6]])
        #expect(try tensor.sliced(1..<3) == Tensor([[3, 4], [5, 6]]))
        #expect(try tensor.sliced(2..<2).shape == [0, 2])
    }

    @Test("Stacking adds an axis, and wants equal shapes")
    func stacking() throws {
        let stacked = try Tensor(stacking: [Tensor([1, 2]), Tensor([3, 4])])
        #expect(try stacked == Tensor([[1, 2], [3, 4]]))
        #expect(throws: ConvNetError.self) { try Tensor(stacking: [Tensor([1]), Tensor([1, 2])]) }
        #expect(try Tensor(stacking: []).count == 0)
    }

    @Test("argmax is the first of the largest, and NaN is below every number")
    func argmax() throws {
        #expect(try Tensor([1, 3, 3, 2]).argmax() == 1)
        #expect(try Tensor([.nan, -1, .nan]).argmax() == 1)
        #expect(try Tensor([.nan, .nan]).argmax() == 0)
        #expect(try Tensor([-.infinity, -5]).argmax() == 1)
        #expect(try Tensor(zeros: [0]).argmax() == nil)
        #expect(try Tensor([[1, 2], [5, 4]]).argmaxOfLastAxis() == [1, 0])
        #expect(try Tensor(zeros: [0, 3]).argmaxOfLastAxis().isEmpty)
    }

    @Test("A description has the shape and the values, the middle of long axes left out")
    func description() throws {
        #expect(try Tensor([[1, 2.5], [3, 4]]).description == "Tensor[2, 2] [[1.0, 2.5], [3.0, 4.0]]")
        let long = try Tensor(shape: [20]) { Float($0[0]) }
        #expect(long.description == "Tensor[20] [0.0, 1.0, 2.0, ..., 17.0, 18.0, 19.0]")
        #expect(try Tensor([7], shape: []).description == "Tensor[] 7.0")
    }
}

@Suite("Labels")
struct LabelsTests {
    @Test("One-hot rows have a one at the class")
    func oneHot() throws {
        #expect(try ([2, 0] as Labels).oneHot(classCount: 3) == Tensor([[0, 0, 1], [1, 0, 0]]))
        let error = #expect(throws: ConvNetError.self) { try ([0, 3] as Labels).oneHot(classCount: 3) }
        #expect(error?.kind == .data)
        #expect(error?.description.contains("sample 1") == true)
    }

    @Test("Integers of any type, if they fit 32 bits")
    func integers() throws {
        #expect(try Labels([1, 2] as [UInt8]).values == [1, 2])
        #expect(throws: ConvNetError.self) { try Labels([Int.max]) }
    }
}
