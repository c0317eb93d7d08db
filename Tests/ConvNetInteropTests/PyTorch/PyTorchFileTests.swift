import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

@Suite("Files of torch.save", .enabled(if: Traits.hasZip, "needs the trait Zip"))
struct PyTorchFileTests {
    @Test("Elements of all types, offsets and strides")
    func types() throws {
        let file = try PyTorchFile(contentsOf: PyTorchGolden.path("pytorch-types.pt"))
        let numbers = (0..<12).map(Float.init)
        let names = [
            "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8",
            "parameter",
        ]
        for name in names {
            #expect(try file.tensor(named: name) == Tensor(numbers, shape: [3, 4]), "\(name)")
        }
        #expect(file["bfloat16"]?.type == .bfloat16 && file["int8"]?.type == .int8)
        #expect(try file.tensor(named: "bool") == Tensor(numbers.map { Float(Int($0) % 2) }, shape: [3, 4]))
        #expect(try file.tensor(named: "transposed") == Tensor(numbers, shape: [3, 4]).transposed())
        #expect(try file.tensor(named: "part") == Tensor([5, 6, 9, 10], shape: [2, 2]))
        #expect(try file.tensor(named: "scalar") == Tensor([7.5], shape: []))
        #expect(try file.tensor(named: "empty").shape == [0, 3])
        let half = try file.tensor(named: "half").elements, golden = try PyTorchGolden.read().half
        #expect(Array(half.prefix(3)) == golden && half[3] == .infinity)
        #expect(throws: ConvNetError.self) { try file.tensor(named: "nothing") }
    }

    @Test("An object that is no tensor is refused by its name, and nothing is run")
    func objects() throws {
        let cases: [(String, String)] = [
            ("cposix\nsystem\n", "posix.system"), ("c__builtin__\neval\n", "__builtin__.eval"),
            ("ctorch\nUntypedStorage\n", "torch.UntypedStorage"),
            ("ctorchvision.models.resnet\nResNet\n)R", "torchvision.models.resnet.ResNet"),
        ]
        for (text, name) in cases {
            let pickle = PickleBuilder.dictionary { $0.add(text) }
            let bytes = try PickleBuilder.archive(pickle)
            let error = try #require(throws: ConvNetError.self) { try PyTorchFile(bytes: bytes) }
            #expect(error.kind == .format && error.received == name, "\(error)")
            #expect(error.remedy?.contains("safetensors.torch.save_file") == true)
        }
        // An instruction of old pickles, "inst", makes an object, too.
        let bytes = try PickleBuilder.archive(PickleBuilder.dictionary { $0.add("(ios\nsystem\n") })
        let error = try #require(throws: ConvNetError.self) { try PyTorchFile(bytes: bytes) }
        #expect(error.received == "the instruction 0x69")
    }

    @Test("Tensors outside their storage are refused")
    func bounds() throws {
        let cases: [(count: Int32, offset: Int32, sizes: [Int32], strides: [Int32])] = [
            (4, 0, [5], [1]), (4, 1, [4], [1]), (4, -1, [2], [1]), (4, 0, [-2], [1]), (4, 0, [2], [-1]),
            (4, 0, [2, 2], [1]), (4, 0, [2, 2], [3, 1]), (4, 0, [8], [0]), (-4, 0, [1], [1]), (0, 0, [], []),
            (4, 0, [.max, .max, .max], [.max, .max, .max]), (4, 0, [.max, .max, .max], [0, 0, 0]),
            (4, 4, [1], [1]), (4, 0, Array(repeating: 1, count: 65), Array(repeating: 1, count: 65)),
        ]
        for (count, offset, sizes, strides) in cases {
            let pickle = PickleBuilder.dictionary {
                $0.tensor(count: count, offset: offset, sizes: sizes, strides: strides)
            }
            let bytes = try PickleBuilder.archive(pickle, storage: Array(repeating: 0, count: 16))
            let error = try #require(throws: ConvNetError.self, "\(sizes)") { try PyTorchFile(bytes: bytes) }
            #expect(error.kind == .format)
        }
    }

    @Test("A storage of another size than the pickle says is refused")
    func storages() throws {
        let pickle = PickleBuilder.dictionary {
            $0.tensor(count: 4, offset: 0, sizes: [2, 2], strides: [1, 2])
        }
        for count in [0, 12, 15, 17, 20] {
            let bytes = try PickleBuilder.archive(pickle, storage: Array(repeating: 0, count: count))
            let file = try PyTorchFile(bytes: bytes)
            let error = try #require(throws: ConvNetError.self) { try file.tensor(named: "w") }
            #expect(error.kind == .format)
        }
        let good = try PickleBuilder.archive(pickle, storage: Array(repeating: 0, count: 16))
        #expect(try PyTorchFile(bytes: good).tensor(named: "w") == Tensor(zeros: [2, 2]))
        let bytes = try PickleBuilder.archive(pickle, storage: [], order: "big")
        #expect(throws: ConvNetError.self) { try PyTorchFile(bytes: bytes) }
    }

    @Test("Deep and circular values are read, for nothing walks into them")
    func depth() throws {
        var builder = PickleBuilder()
        builder.add("}")
        builder.text("deep")
        builder.add(")")
        builder.add(Array(repeating: 0x85, count: 200_000))
        builder.add("s")
        builder.text("circle")
        // An empty list that is its own element.
        builder.add("]q\u{0}h\u{0}as.")
        let file = try PyTorchFile(bytes: PickleBuilder.archive(builder.bytes))
        #expect(file.entries.isEmpty)
    }

    @Test("More values than the limit, and a longer pickle, are refused")
    func limits() throws {
        let many = [0x80, 2, 0x28] + Array(repeating: UInt8(0x4E), count: 3 << 20)
        let long = Array(repeating: UInt8(0x4E), count: 33 << 20)
        for pickle in [many, long] {
            let bytes = try PickleBuilder.archive(pickle)
            let error = try #require(throws: ConvNetError.self) { try PyTorchFile(bytes: bytes) }
            #expect(error.kind == .format && error.expected?.hasPrefix("at most") == true)
        }
    }

    @Test("Files of other forms are refused with the way to convert them")
    func otherForms() throws {
        let legacy: [UInt8] = [
            0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        var error = try #require(throws: ConvNetError.self) { try PyTorchFile(bytes: legacy) }
        #expect(error.kind == .format && error.remedy?.contains("torch.load") == true)
        let program = try ZipWriter.archive([("a/data.pkl", [0x80, 2]), ("a/constants.pkl", [])])
        error = try #require(throws: ConvNetError.self) { try PyTorchFile(bytes: program) }
        #expect(error.remedy?.contains("state_dict") == true)
        error = try #require(throws: ConvNetError.self) {
            try PyTorchFile(bytes: ZipWriter.archive([("config.json", [])]))
        }
        #expect(error.kind == .format)
        #expect(throws: ConvNetError.self) { try PyTorchFile(bytes: []) }
    }

    @Test("Changed bytes of a pickle are an error or another file, and never end the process")
    func mutations() throws {
        let path = PyTorchGolden.path("pytorch-tiny.pt")
        let archive = try ZipArchive(contentsOf: path)
        let files = try archive.names.map { (name: $0, bytes: try archive.contents(of: $0)) }
        let place = try #require(files.firstIndex { $0.name.hasSuffix("data.pkl") })
        var random = RandomStream(seed: 5, purpose: .user)
        var refused = 0
        for _ in 0..<1000 {
            var changed = files
            for _ in 0...random.integer(below: 3) {
                let index = random.integer(below: changed[place].bytes.count)
                switch random.integer(below: 3) {
                case 0: changed[place].bytes[index] = UInt8(random.integer(below: 256))
                case 1: changed[place].bytes.remove(at: index)
                default: changed[place].bytes.insert(UInt8(random.integer(below: 256)), at: index)
                }
            }
            do {
                let file = try PyTorchFile(bytes: ZipWriter.archive(changed))
                for entry in file.entries { _ = try? file.tensor(named: entry.name) }
            } catch is ConvNetError { refused += 1 }
        }
        #expect(refused > 300)
        let pickle = files[place].bytes
        for count in stride(from: 0, to: pickle.count, by: 7) {
            let bytes = try PickleBuilder.archive(Array(pickle.prefix(count)))
            #expect(throws: ConvNetError.self) { try PyTorchFile(bytes: bytes) }
        }
    }

    @Test("Changed bytes of a whole file are an error or another file, and never end the process")
    func mutatedArchives() throws {
        let original = try FileContents.read(PyTorchGolden.path("pytorch-types.pt"), limit: 1 << 20)
        var random = RandomStream(seed: 6, purpose: .user)
        for _ in 0..<1000 {
            var bytes = original
            for _ in 0...random.integer(below: 4) {
                bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
            }
            if random.integer(below: 4) == 0 {
                bytes = Array(bytes.prefix(random.integer(below: bytes.count)))
            }
            do {
                let file = try PyTorchFile(bytes: bytes)
                for entry in file.entries { _ = try? file.tensor(named: entry.name) }
            } catch is ConvNetError {}
        }
    }
}
