import SwiftConvNet
import Testing

@Suite("Datasets in memory")
struct DatasetTests {
    private func sample(_ dataset: some Dataset, _ index: Int) throws -> [Float] {
        try Tensor(shape: dataset.fields[0].shape) { try dataset.readValues(0, of: index, into: $0) }.elements
    }

    @Test("Bytes stay bytes, and are normalised when they are read")
    func bytes() throws {
        let bytes = try ByteTensor([0, 51, 102, 255], shape: [2, 1, 2, 1])
        let data = try ArrayDataset(bytes, [4, 5] as Labels)
        #expect(data.count == 2 && data.sampleShape == [1, 2, 1] && data.targetKind == .labels)
        // 1/255 is rounded, so the product may be one unit in the last place off.
        for (read, expected) in zip(try sample(data, 1), [0.4, 1] as [Float]) {
            #expect(abs(read - expected) <= expected.ulp)
        }
        #expect(try data.images.elements == sample(data, 0) + sample(data, 1))
        #expect(try data.readLabel(1) == 5)
        let scaled = try ByteTensor([0, 255], shape: [2, 1], scale: 2 / 255, offset: -1)
        #expect(try abs(ArrayDataset(.bytes(scaled), nil).images.elements[1] - 1) <= Float(1).ulp)
    }

    @Test("Values are read as they are, with their targets")
    func values() throws {
        let data = try ArrayDataset(Tensor([[1, 2], [3, 4]]), Tensor([[5], [6]]))
        #expect(data.targetKind == .values([1]))
        #expect(try sample(data, 1) == [3, 4])
        #expect(try Tensor(shape: [1]) { try data.readTarget(1, into: $0) }.elements == [6])
        #expect(throws: ConvNetError.self) { try data.readLabel(0) }
    }

    @Test("As many targets as samples, and an axis that counts them")
    func mismatches() throws {
        let fewer = #expect(throws: ConvNetError.self) {
            try ArrayDataset(Tensor([[1], [2]]), [1] as Labels)
        }
        #expect(fewer?.kind == .data)
        let scalar = #expect(throws: ConvNetError.self) {
            try ArrayDataset(.values(Tensor([1], shape: [])), nil)
        }
        #expect(scalar?.kind == .shape)
        let short = #expect(throws: ConvNetError.self) { try ByteTensor([1, 2, 3], shape: [2, 2]) }
        #expect(short?.kind == .shape)
    }

    @Test("A subset has its own order, and refuses what is not there")
    func subset() throws {
        let data = try ArrayDataset(Tensor([[1], [2], [3]]), [7, 8, 9] as Labels)
        let subset = try Subset(data, [2, 0])
        #expect(subset.count == 2)
        #expect(try sample(subset, 0) == [3])
        #expect(try subset.label(1, of: 1) == 7)
        let error = #expect(throws: ConvNetError.self) { try Subset(data, [0, 3]) }
        #expect(error?.kind == .argument)
    }
}
