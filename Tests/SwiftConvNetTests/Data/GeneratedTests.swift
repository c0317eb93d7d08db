import SwiftConvNet
import Testing

@Suite("Samples that a closure makes")
struct GeneratedTests {
    private func fit(_ data: some Dataset, units: Int = 2, threads: Int = 1) throws -> [[Float]] {
        let model = try Sequential(inputShape: [3], seed: 1, options: ComputeOptions(threads: threads)) {
            Dense(units: 2, activation: .softmax)
        }
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
        try model.fit(data, batchSize: 8, epochs: 3, verbose: .silent)
        return model.parameters.map(\.values.elements)
    }

    @Test("A model trains on them as on the same samples in memory, on any number of threads")
    func sameBits() throws {
        let x = try Tensor(shape: [64, 3]) { Float(($0[0] * 5 + $0[1]) % 7) }
        let labels = Labels((0..<64).map { Int32($0 % 2) })
        let data = try Generated(count: 64, sampleShape: [3]) { index, _ in
            (try x.sliced(index..<(index + 1)).reshaped(to: [3]), index % 2)
        }
        let expected = try fit(ArrayDataset(x, labels))
        #expect(try fit(data) == expected)
        #expect(try fit(data, threads: 2) == fit(ArrayDataset(x, labels), threads: 2))
        let written = try Generated(
            count: 64,
            fields: [Field("input", .input, shape: [3]), .label("target")],
            classNames: ["even", "odd"],
            identity: "mine"
        ) { index, _, sample in
            if let values = sample.values(of: 0) {
                for place in 0..<3 { values[place] = Float((index * 5 + place) % 7) }
            }
            sample.label(of: 1)?.pointee = Int32(index % 2)
        }
        #expect(try fit(written) == expected)
        #expect(written.classNames == ["even", "odd"] && written.identity == "mine")
    }

    @Test("The reading says which epoch it is, and random numbers follow it")
    func reading() throws {
        let data = try Generated(count: 4, sampleShape: [1], targetShape: [1]) { index, reading in
            var random = reading.random(index)
            return (try Tensor([Float(reading.epoch)]), try Tensor([random.nextUniform()]))
        }
        func target(_ index: Int, _ reading: Reading) throws -> Float {
            try Tensor(shape: [1]) { try data.readValues(1, of: index, in: reading, into: $0) }.elements[0]
        }
        let first = Reading(seed: 1, epoch: 1, isTraining: true),
            second = Reading(seed: 1, epoch: 2, isTraining: true)
        #expect(try target(0, first) == target(0, first))
        #expect(try target(0, first) != target(0, second))
        #expect(try target(0, first) != target(1, first))
    }

    @Test("What the closure throws ends the training, and wrong shapes and labels are errors")
    func errors() throws {
        struct Mine: Error {}
        let failing = try Generated(count: 8, sampleShape: [3]) { index, _ in
            if index == 5 { throw Mine() }
            return (try Tensor([1, 2, 3]), 0)
        }
        #expect(throws: (any Error).self) { try fit(failing) }
        let odd = try Generated(count: 8, sampleShape: [3]) { _, _ in (try Tensor([1, 2]), 0) }
        let shape = #expect(throws: ConvNetError.self) { try fit(odd) }
        #expect(shape?.kind == .shape)
        let large = try Generated(count: 8, sampleShape: [3]) { _, _ in (try Tensor([1, 2, 3]), 1 << 40) }
        let label = #expect(throws: ConvNetError.self) { try fit(large) }
        #expect(label?.kind == .data)
        #expect(throws: ConvNetError.self) {
            try Generated(count: -1, sampleShape: [1]) { _, _ in (try Tensor([1]), 0) }
        }
        #expect(throws: ConvNetError.self) {
            try Generated(count: 1, fields: [.label("target")]) { _, _, _ in }
        }
        #expect(throws: ConvNetError.self) {
            try Generated(count: 1, sampleShape: [-1]) { _, _ in (try Tensor([1]), 0) }
        }
    }
}
