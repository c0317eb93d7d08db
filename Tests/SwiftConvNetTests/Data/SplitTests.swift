import SwiftConvNet
import Testing

@Suite("Parts of datasets, and uneven classes")
struct SplitTests {
    /// As many samples of each class as are asked for, mixed; a sample's value is its index.
    private func data(_ counts: [Int]) throws -> ArrayDataset {
        let classes = counts.enumerated().flatMap { label, count in
            [Int32](repeating: Int32(label), count: count)
        }
        let labels = Labels(classes).shuffled(seed: 9)
        return try ArrayDataset(
            Tensor((0..<classes.count).map(Float.init), shape: [classes.count, 1]),
            labels
        )
    }

    private func counts(_ dataset: some Dataset) throws -> [Int] {
        var counts: [Int32: Int] = [:]
        for index in 0..<dataset.count { counts[try dataset.label(1, of: index), default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map(\.value)
    }

    @Test("Every sample is in one part, each part has its share, and a seed decides which")
    func split() throws {
        let data = try data([60, 40])
        let parts = try data.split(fractions: [0.7, 0.15, 0.15], seed: 4)
        #expect(parts.map(\.count) == [70, 15, 15])
        #expect(parts.flatMap(\.indices).sorted() == Array(0..<100))
        #expect(parts.allSatisfy { $0.indices == $0.indices.sorted() })
        #expect(try data.split(fractions: [0.7, 0.15, 0.15], seed: 4).map(\.indices) == parts.map(\.indices))
        #expect(try data.split(fractions: [0.7, 0.15, 0.15], seed: 5)[0].indices != parts[0].indices)
        let (train, held) = try data.split(validation: 0.25)
        #expect(train.count == 75 && held.count == 25)
        let inOrder = try data.split(validation: 0.1, seed: nil)
        #expect(inOrder.train.indices == Array(0..<90) && inOrder.validation.indices == Array(90..<100))
        // What is in no part.
        #expect(try data.split(fractions: [0.2, 0.3]).map(\.count) == [20, 30])
        // A subset splits as every dataset does.
        #expect(try train.split(validation: 0.2).validation.count == 15)
    }

    @Test(
        "Stratified: each class has its share in each part, but for less than a sample",
        arguments: [0, 1, 2] as [UInt64]
    )
    func stratified(seed: UInt64) throws {
        let sizes = [70, 20, 9, 3, 1, 1, 1]
        let fractions = [0.6, 0.2, 0.2]
        let data = try data(sizes)
        let parts = try data.split(fractions: fractions, seed: seed, stratified: true)
        #expect(parts.flatMap(\.indices).sorted() == Array(0..<105))
        for (part, fraction) in zip(parts, fractions) {
            var counts: [Int32: Int] = [:]
            for index in 0..<part.count { counts[try part.label(1, of: index), default: 0] += 1 }
            for (label, size) in sizes.enumerated() {
                #expect(
                    abs(Double(counts[Int32(label)] ?? 0) - fraction * Double(size)) < 1,
                    "class \(label)"
                )
            }
            // Classes of one sample do not all go to one part.
            #expect(abs(Double(part.count) - fraction * 105) < 2)
        }
        // One-hot targets have classes, too.
        let oneHot = try ArrayDataset(data.images, #require(data.labels).oneHot(classCount: 7))
        #expect(
            try oneHot.split(fractions: fractions, seed: seed, stratified: true).map(\.indices)
                == parts.map(\.indices)
        )
    }

    @Test("Shares that are none, empty parts and targets without classes are errors")
    func refused() throws {
        let data = try data([5, 5])
        for fractions: [Double] in [[], [0], [-0.1, 0.5], [0.6, 0.6], [.nan], [1.5], [0.99, 0.01]] {
            let error = #expect(throws: ConvNetError.self) { try data.split(fractions: fractions) }
            #expect(error?.kind == .argument)
        }
        for share in [0, 1, -1, 0.01, .infinity] {
            #expect(throws: ConvNetError.self) { try data.split(validation: share) }
        }
        let regression = try ArrayDataset(Tensor(zeros: [4, 1]), Tensor(zeros: [4, 2, 2]))
        let none = #expect(throws: ConvNetError.self) {
            try regression.split(validation: 0.5, stratified: true)
        }
        #expect(none?.summary == "The dataset has no classes")
        let two = try TensorDataset(
            inputs: ["x": Tensor(zeros: [4, 1])],
            targets: ["a": [0, 0, 1, 1] as Labels, "b": [0, 1, 0, 1] as Labels]
        )
        let which = #expect(throws: ConvNetError.self) { try two.split(validation: 0.5, stratified: true) }
        #expect(which?.remedy == "Name the field")
        let parts = try two.split(validation: 0.5, stratified: true, by: "b")
        #expect(try (0..<2).map { try parts.train.label(2, of: $0) }.sorted() == [0, 1])
        #expect(throws: ConvNetError.self) { try two.split(validation: 0.5, stratified: true, by: "c") }
        let odd = try ArrayDataset(Tensor(zeros: [2, 1]), Tensor([[1], [.nan]]))
        #expect(throws: ConvNetError.self) { try odd.split(validation: 0.5, stratified: true) }
    }

    @Test("Balanced class weights are scikit-learn's n / (k count)")
    func classWeights() throws {
        // compute_class_weight("balanced", classes=[0, 1, 3], y=[0, 0, 0, 1, 3, 3]) of scikit-learn 1.7.
        #expect([Int: Float].balanced([0, 0, 0, 1, 3, 3]) == [0: 6.0 / 9, 1: 2, 3: 1])
        #expect([Int: Float].balanced([]) == [:])
        let data = try data([6, 2])
        #expect(try [Int: Float].balanced(data) == [0: 8.0 / 12, 1: 2])
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 2, activation: .softmax)])
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        try model.fit(data, verbose: .silent, classWeight: .balanced(data))
        try model.fit(data, verbose: .silent, classWeight: .balanced([0, 1, 1]))
    }

    @Test("Oversampled: all samples, and repetitions until no class is rarer than it may be")
    func oversampled() throws {
        let data = try data([50, 20, 7])
        let even = try Oversampled(data, seed: 3)
        #expect(even.count == 150)
        #expect(try counts(even) == [50, 50, 50])
        #expect(Array(even.indices.prefix(77)) == Array(0..<77))
        // Each sample of a class as often as every other, or once more.
        var times = [Int](repeating: 0, count: 77)
        for index in even.indices { times[index] += 1 }
        for (label, allowed) in [(0, [1]), (1, [2, 3]), (2, [7, 8])] {
            let samples = (0..<77).filter { data.labels?[$0] == label }
            #expect(samples.allSatisfy { allowed.contains(times[$0]) })
        }
        #expect(try Oversampled(data, seed: 3).indices == even.indices)
        #expect(try Oversampled(data, seed: 4).indices != even.indices)
        #expect(try counts(Oversampled(data, ratio: 0.3)) == [50, 20, 15])
        #expect(try even.label(1, of: 149) == 2)
        #expect(even.identity != (try Oversampled(data, seed: 4).identity))
        for ratio in [0, -1, 1.5, .nan] {
            #expect(throws: ConvNetError.self) { try Oversampled(data, ratio: ratio) }
        }
        let none = try ArrayDataset(.values(Tensor(zeros: [4, 1])), nil)
        #expect(throws: ConvNetError.self) { try Oversampled(none) }
    }
}
