import SwiftConvNet
import Testing

@Suite("Tensor: from arrays of numbers")
struct TensorArraysTests {
    @Test("of Double, UInt8 and Int, flat and nested")
    func elements() throws {
        let doubles: [Double] = [0.1, -2, 1e300], bytes: [UInt8] = [0, 128, 255], integers = [3, -1, 1 << 40]
        #expect(try Tensor(doubles).elements == [0.1, -2, .infinity])
        #expect(try Tensor(bytes).elements == [0, 128, 255])
        #expect(try Tensor(integers, shape: [3, 1]).elements == [3, -1, 1_099_511_627_776])
        #expect(try Tensor([bytes, bytes]).shape == [2, 3])
        #expect(try Tensor([[doubles], [doubles]]).shape == [2, 1, 3])
        #expect(try Tensor([[[integers]], [[integers]]]).elements == Tensor(integers + integers).elements)
        let pixels: [[[[UInt8]]]] = [[[[1], [2]], [[3], [4]]]]
        #expect(try Tensor(pixels).shape == [1, 2, 2, 1])
        #expect(try Tensor(pixels).elements == [1, 2, 3, 4])
        #expect(try Tensor(bytes[..<0].map { Int($0) }).shape == [0])
    }

    @Test("literals are numbers of any kind, as before")
    func literals() throws {
        #expect(try Tensor([1, 2]).elements == [1, 2])
        #expect(try Tensor([[0, 0.5], [1, 0]]).shape == [2, 2])
        #expect(try Tensor([.nan, 1]).elements[1] == 1)
    }

    @Test("arrays of different lengths are errors that name the place")
    func ragged() throws {
        let cases: [(() throws -> Tensor, String)] = [
            ({ try Tensor([[1, 2], [3]]) }, "axis 1, array 1"),
            ({ try Tensor([[[1, 2]], [[3, 4], [5, 6]]]) }, "axis 1, array 1"),
            ({ try Tensor([[[1, 2], [3]]]) }, "axis 2, array 1"),
            ({ try Tensor([[[[1], [2]], [[3]]]]) }, "axis 2, array 1"),
            ({ try Tensor([[[[1]]], [[[2]], [[3]]]]) }, "axis 1, array 1"),
            ({ try Tensor([[], [3]] as [[Float]]) }, "axis 1, array 1"),
            ({ try Tensor([[], [[3]]] as [[[Float]]]) }, "axis 1, array 1"),
            ({ try Tensor([[], [[[3]]]] as [[[[Float]]]]) }, "axis 1, array 1"),
        ]
        for (attempt, place) in cases {
            let error = try #require(throws: ConvNetError.self) { _ = try attempt() }
            #expect(error.kind == .shape)
            #expect(error.location?.contains(place) == true, "\(error)")
        }
        #expect(try Tensor([] as [[Float]]).shape == [0])
        #expect(try Tensor([[], []] as [[Float]]).shape == [2, 0])
    }

    @Test("labels are literals without try, also where the type is written")
    func labels() throws {
        let labels = Labels([3, 1, 4])
        #expect(labels == [3, 1, 4])
        #expect(labels.oneHotCount == 5)
        let integers = [3, 1, 4]
        #expect(try Labels(integers) == labels)
        #expect(throws: ConvNetError.self) { _ = try Labels([Int.max].map { $0 }) }
    }

    @Test("an element count that does not fit Int is the largest, and no trap")
    func hugeShapes() {
        #expect(Shape([Int.max, 2]).elementCount == .max)
        #expect(Shape([Int.max, 2, 0]).elementCount == .max)
    }
}

extension Labels {
    fileprivate var oneHotCount: Int { (values.max().map { Int($0) } ?? -1) + 1 }
}
