import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Datasets that stay in their files")
struct FileDatasetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sample(_ dataset: some Dataset, _ index: Int, field: Int = 0) throws -> [Float] {
        try Tensor(shape: dataset.fields[field].shape) { try dataset.readValues(field, of: index, into: $0) }
            .elements
    }

    @Test("Samples of every type are those of the array in memory", arguments: NumPyFile.ElementType.allCases)
    func samples(type: NumPyFile.ElementType) throws {
        // More than a block of conversion in a sample.
        let shape: Shape = [3, 100, 90]
        let tensor = try Tensor(shape: shape) {
            type == .bool ? Float($0[2] % 2) : Float(($0[0] + $0[1] * $0[2]) % 120)
        }
        try tensor.saveNPY(to: folder.file("x.npy"), as: type)
        let array = try FileArray(npy: folder.file("x.npy"), scale: 0.5, offset: -1)
        #expect(array.elementType == type && array.count == 3 && array.sampleShape == [100, 90])
        let data = try FileDataset(array, [7, 8, 9] as Labels)
        for index in 0..<3 {
            #expect(
                try sample(data, index) == tensor.sliced(index..<(index + 1)).elements.map { $0 * 0.5 - 1 }
            )
            #expect(try data.label(1, of: index) == Int32(7 + index))
        }
    }

    @Test("Arrays of safetensors files, big-endian files, and target values in files")
    func others() throws {
        let x = try Tensor(shape: [4, 3]) { Float($0[0] * 3 + $0[1]) }
        try SafeTensors.write(["x": x, "y": Tensor(zeros: [4, 2])], to: folder.file("x.safetensors"))
        let text = "{'descr': '>i2', 'fortran_order': False, 'shape': (4,1)}"
        let bytes =
            [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
            + [0, 1, 1, 0, 255, 255, 0, 7]
        try AtomicFile.write(bytes, to: folder.file("y.npy"))
        let data = try FileDataset(
            FileArray(safetensors: folder.file("x.safetensors"), name: "x"),
            targets: FileArray(npy: folder.file("y.npy"))
        )
        #expect(data.fields == [Field("input", .input, shape: [3]), Field("target", .target, shape: [1])])
        #expect(!data.hasTargetsInMemory)
        #expect(try sample(data, 2) == [6, 7, 8])
        #expect(try (0..<4).map { try sample(data, $0, field: 1) } == [[1], [256], [-1], [7]])
        #expect(throws: ConvNetError.self) {
            try FileArray(safetensors: folder.file("x.safetensors"), name: "z")
        }
    }

    @Test("A model trains on a file as on the same array in memory, bit for bit")
    func sameBits() throws {
        let x = try Tensor(shape: [40, 6]) { Float(($0[0] * 7 + $0[1] * 3) % 11) / 11 }
        let labels = Labels((0..<40).map { Int32($0 % 3) })
        try x.saveNPY(to: folder.file("x.npy"))
        func weights(_ data: some Dataset) throws -> [[Float]] {
            let model = try Sequential(inputShape: [6], seed: 3) {
                Dense(units: 8, activation: .relu)
                Dense(units: 3, activation: .softmax)
            }
            try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy())
            try model.fit(data, batchSize: 8, epochs: 3, verbose: .silent)
            return model.parameters.map(\.values.elements)
        }
        let file = try weights(FileDataset(FileArray(npy: folder.file("x.npy")), labels))
        #expect(try file == weights(ArrayDataset(x, labels)))
    }

    @Test(
        "What is made of the elements belongs to a run's identity, and wrappers read ahead as their base does"
    )
    func identity() throws {
        try Tensor(zeros: [4, 3]).saveNPY(to: folder.file("x.npy"), as: .uint8)
        func data(_ scale: Float) throws -> FileDataset {
            try FileDataset(FileArray(npy: folder.file("x.npy"), scale: scale), [0, 0, 0, 1] as Labels)
        }
        #expect(try data(1).identity == data(1).identity)
        #expect(try data(1).identity != data(0.5).identity)
        let even = try Oversampled(data(1))
        #expect(try even.readsAhead == data(1).readsAhead && even.readsAhead > 0 && even.hasTargetsInMemory)
        #expect(try even.split(validation: 0.5).train.readsAhead == even.readsAhead)
        var unhurried = try data(1)
        unhurried.readsAhead = 0
        #expect(try Oversampled(unhurried).readsAhead == 0)
    }

    @Test("Fortran order, other numbers of targets and two fields of one name are refused")
    func refused() throws {
        try Tensor(zeros: [4, 3]).saveNPY(to: folder.file("x.npy"))
        let array = try FileArray(npy: folder.file("x.npy"))
        let few = #expect(throws: ConvNetError.self) { try FileDataset(array, [1, 2] as Labels) }
        #expect(few?.kind == .data)
        let twice = #expect(throws: ConvNetError.self) { try FileDataset(inputs: ["a": array, "a": array]) }
        #expect(twice?.kind == .argument)
        #expect(throws: ConvNetError.self) { try FileDataset(inputs: [:]) }
        #expect(throws: ConvNetError.self) { try FileDataset(array, Tensor([1], shape: [])) }
        #expect(throws: ConvNetError.self) { try FileArray(npy: folder.file("x.npy"), scale: .nan) }
        try Tensor([1], shape: []).saveNPY(to: folder.file("one.npy"))
        #expect(throws: ConvNetError.self) { try FileArray(npy: folder.file("one.npy")) }
        let text = "{'descr': '|u1', 'fortran_order': True, 'shape': (2,2)}"
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
        try AtomicFile.write(bytes + [1, 2, 3, 4], to: folder.file("f.npy"))
        let order = #expect(throws: ConvNetError.self) { try FileArray(npy: folder.file("f.npy")) }
        #expect(order?.remedy?.contains("ascontiguousarray") == true)
        #expect(try Tensor(npy: folder.file("f.npy")).elements == [1, 3, 2, 4])
        var one: Float = 0
        withUnsafeMutablePointer(to: &one) { place in
            let buffer = UnsafeMutableBufferPointer(start: place, count: 1)
            #expect(throws: ConvNetError.self) { try array.read(0, into: buffer) }
        }
    }

    @Test("A file that is cut short while it is open is an error of kind file, not the end of the process")
    func cutShort() throws {
        let path = folder.file("x.npy")
        try Tensor(shape: [100, 1000], repeating: 1).saveNPY(to: path)
        let data = try FileDataset(FileArray(npy: path))
        #expect(try sample(data, 99).allSatisfy { $0 == 1 })
        #expect(truncate(path, 200_000) == 0)
        let error = #expect(throws: ConvNetError.self) { try sample(data, 99) }
        #expect(error?.kind == .file && error?.summary.contains("shorter") == true)
        // In a training, too, whose model stays as it is.
        let model = try Sequential(inputShape: [1000], layers: [Dense(units: 1)])
        try model.compile(optimizer: .sgd(), loss: .mse())
        let array = try FileArray(npy: try replaced(path))
        #expect(truncate(path, 200_000) == 0)
        let stopped = #expect(throws: ConvNetError.self) {
            try model.fit(
                FileDataset(array, Tensor(zeros: [100, 1])),
                batchSize: 100,
                verbose: .silent
            )
        }
        #expect(stopped?.kind == .file)
    }

    /// Writes the file anew, and returns its path.
    private func replaced(_ path: String) throws -> String {
        try Tensor(shape: [100, 1000], repeating: 1).saveNPY(to: path)
        return path
    }
}
