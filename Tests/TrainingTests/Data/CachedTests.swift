import SwiftConvNet
import Synchronization
import TestSupport
import Testing

@Suite("A dataset that keeps its samples")
struct CachedTests {
    /// Counts how often samples are read.
    private final class Counted: SampleDataset {
        let count = 7
        let sampleShape: Shape = [3]
        let targetKind = TargetKind.values([2])
        let reads = Atomic(0)
        let values: @Sendable (Int) -> [Float]
        var classNames: [String]? { ["a", "b"] }
        var identity: String? { "counted" }
        var readsAhead: Int { 2 }

        init(_ values: @escaping @Sendable (Int) -> [Float]) { self.values = values }

        func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
            reads.add(1, ordering: .relaxed)
            _ = destination.update(fromContentsOf: values(index))
        }

        func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
            destination[0] = Float(index)
            destination[1] = 0.5
        }
    }

    private func values(_ data: any Dataset, _ field: Int, _ sample: Int) throws -> [UInt32] {
        let tensor = try Tensor(shape: data.fields[field].shape) {
            try data.readValues(field, of: sample, into: $0)
        }
        return tensor.elements.map(\.bitPattern)
    }

    @Test("gives the same bits, and reads each once, in memory and in a file")
    func bits() throws {
        let folder = try TemporaryFolder()
        for place in [Cached.Place.memory, .file(folder.file("cache"))] {
            // Whole numbers of a byte, and others: fractions, too large, negative zero, no number.
            let samples: [[Float]] = [
                [0, 7, 255], [0.5, 1, 2], [256, 0, 0], [-0.0, 1, 1], [.nan, .infinity, 3], [-1, 2, 3],
                [1, 1, 1],
            ]
            let base = Counted { samples[$0] }
            let plain = try (0..<7).map { try values(base, 0, $0) }
            let cached = try Cached(base, in: place)
            #expect(cached.count == 7 && cached.fields == base.fields)
            #expect(
                cached.classNames == ["a", "b"] && cached.identity == "counted" && cached.readsAhead == 2
            )
            #expect(try folder.names.isEmpty)
            let before = base.reads.load(ordering: .relaxed)
            for _ in 0..<3 {
                for index in 0..<7 {
                    #expect(try values(cached, 0, index) == plain[index])
                    #expect(try values(cached, 1, index) == [Float(index).bitPattern, Float(0.5).bitPattern])
                }
            }
            #expect(base.reads.load(ordering: .relaxed) == before + 7)
        }
    }

    @Test("refuses samples that change from epoch to epoch")
    func changing() throws {
        struct Changing: Dataset {
            let count = 2
            let fields = [Field("input", .input, shape: [1])]
            func read(_ index: Int, in reading: Reading, into sample: SampleWriter) {
                sample.values(of: 0)?[0] = reading.isTraining ? Float(reading.epoch) : 0
            }
        }
        let error = #expect(throws: ConvNetError.self) { try Cached(Changing()) }
        #expect(error?.kind == .argument && error?.remedy?.contains("inside") == true)
    }

    @Test("never replaces a file, and says where it cannot make one")
    func files() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("mine", to: folder.file("taken"))
        let base = Counted { _ in [1, 2, 3] }
        for path in [folder.file("taken"), folder.file("none/cache"), folder.path] {
            let error = #expect(throws: ConvNetError.self) { try Cached(base, in: .file(path)) }
            #expect(error?.kind == .file && error?.location == path)
        }
        #expect(try FileContents.read(folder.file("taken"), limit: 9) == Array("mine".utf8))
    }

    @Test("Training with it has the same bits as without")
    func training() throws {
        let data = try ArrayDataset(SmallNetwork.images(40), SmallNetwork.labels(40))
        func predictions(_ data: any Dataset) throws -> Tensor {
            let model = try SmallNetwork.make()
            try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
            try model.fit(data, batchSize: 16, epochs: 3, verbose: .silent)
            return try model.predict(data)
        }
        #expect(try predictions(Cached(data)).bits == predictions(data).bits)
    }
}
