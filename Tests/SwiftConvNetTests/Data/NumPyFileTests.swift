import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// What NumPy and Keras have written: `Tests/Goldens/data.py`.
private struct DataGoldens: Decodable, Sendable {
    struct File: Decodable, Sendable {
        let dtype: String
        let fortran: Bool
        let version: [UInt8]
        let array: GoldenTensor
        let file: String

        var bytes: [UInt8] { Data(base64Encoded: file).map(Array.init) ?? [] }
    }

    struct Normalized: Decodable, Sendable {
        let axis: Int
        let order: Int
        let input: GoldenTensor
        let output: GoldenTensor
    }

    struct Categorical: Decodable, Sendable {
        let labels: [Int32]
        let classes: Int?
        let output: GoldenTensor
    }

    let npy: [File]
    let normalize: [Normalized]
    let categorical: [Categorical]
}

@Suite("Arrays in NumPy's format")
struct NumPyFileTests {
    private let goldens: DataGoldens
    private let folder: TemporaryFolder

    init() throws {
        goldens = try Golden.read("data")
        folder = try TemporaryFolder()
    }

    private func error(_ bytes: [UInt8]) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try NumPyFile(bytes: bytes) }
    }

    /// A file with this header and so many bytes of elements.
    private func file(_ header: String, _ count: Int = 0, version: [UInt8] = [1, 0]) -> [UInt8] {
        let size = UInt32(header.utf8.count)
        let length = withUnsafeBytes(of: size.littleEndian) { Array($0) }.prefix(version[0] == 1 ? 2 : 4)
        return [0x93] + Array("NUMPY".utf8) + version + length + Array(header.utf8)
            + [UInt8](repeating: 0, count: count)
    }

    @Test("All types, both orders of bytes and of axes, and all versions are read as NumPy has written them")
    func types() throws {
        #expect(goldens.npy.count >= 30)
        var types: Set<NumPyFile.ElementType> = []
        for golden in goldens.npy {
            let file = try NumPyFile(bytes: golden.bytes)
            types.insert(file.elementType)
            #expect(golden.dtype.hasSuffix(file.elementType.rawValue))
            #expect(file.isBigEndian == golden.dtype.hasPrefix(">"))
            #expect(file.isFortranOrder == golden.fortran)
            #expect(try file.tensor.shape == Shape(golden.array.shape))
            // Zeros keep their sign.
            #expect(
                try file.tensor.elements.map(\.bitPattern) == golden.array.values.map(\.bitPattern),
                "\(golden.dtype) \(golden.version)"
            )
        }
        #expect(types == Set(NumPyFile.ElementType.allCases))
    }

    @Test("What is written has the bytes that NumPy writes")
    func written() throws {
        let names = ["<f2", "<f4", "<f8", "|b1", "|u1", "|i1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"]
        var types: Set<NumPyFile.ElementType> = []
        for golden in goldens.npy
        where names.contains(golden.dtype) && !golden.fortran && golden.version == [1, 0] {
            let file = try NumPyFile(bytes: golden.bytes)
            // Those whose values a Float does not hold cannot come from one.
            guard !["<i8", "<u8"].contains(golden.dtype) || golden.array.shape == [2, 3] else { continue }
            guard golden.dtype != "<f8" else {
                types.insert(.float64)
                try file.tensor.saveNPY(to: folder.file("x.npy"), as: .float64)
                #expect(try Tensor(npy: folder.file("x.npy")) == file.tensor)
                continue
            }
            types.insert(file.elementType)
            try file.tensor.saveNPY(to: folder.file("x.npy"), as: file.elementType)
            let bytes = try FileContents.read(folder.file("x.npy"), limit: 1 << 20)
            #expect(bytes == golden.bytes, "\(golden.dtype) \(golden.array.shape)")
        }
        #expect(types == Set(NumPyFile.ElementType.allCases))
        try Labels([3, -1, 1 << 30]).saveNPY(to: folder.file("labels.npy"))
        #expect(try Labels(npy: folder.file("labels.npy")) == [3, -1, 1 << 30])
    }

    @Test("Half precision: all 65,536 numbers survive, and others go to the nearest")
    func halfPrecision() throws {
        let bits = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 || $0 & 0x3FF == 0 }
        let content = bits.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let header = NumPyFile.header(.float16, [bits.count])
        let tensor = try NumPyFile(bytes: header + content).tensor
        try tensor.saveNPY(to: folder.file("half.npy"), as: .float16)
        #expect(try FileContents.read(folder.file("half.npy"), limit: 1 << 20) == header + content)
        // In the middle of two numbers the even one; above the largest, infinity.
        let values: [Float] = [1 + 0x1p-11, 1 + 3 * 0x1p-11, 65519, 65520, 0x1p-25, 0x1.8p-25, 2049, .nan]
        try Tensor(values).saveNPY(to: folder.file("half.npy"), as: .float16)
        let read = try Tensor(npy: folder.file("half.npy")).elements
        #expect(read.dropLast() == [1, 1 + 0x1p-9, 65504, .infinity, 0, 0x1p-24, 2048])
        #expect(read[7].isNaN)
    }

    @Test("An element that the type does not have is an error, and leaves the old file")
    func notExact() throws {
        let path = folder.file("x.npy")
        try Tensor([1, 2]).saveNPY(to: path, as: .uint8)
        for (values, type) in [
            ([1, 256], .uint8), ([0.5, 1], .int32), ([.nan], .int64), ([2], .bool), ([-1], .uint64),
        ]
            as [([Float], NumPyFile.ElementType)]
        {
            let error = #expect(throws: ConvNetError.self) { try Tensor(values).saveNPY(to: path, as: type) }
            #expect(error?.kind == .data)
        }
        #expect(try Tensor(npy: path).elements == [1, 2])
    }

    @Test("Labels are integers of 32 bits along one axis")
    func labels() throws {
        for golden in goldens.npy {
            let file = try NumPyFile(bytes: golden.bytes)
            guard file.shape.rank == 1 else { continue }
            switch golden.dtype {
            case "|u1": #expect(try file.labels == [0, 1, 2, 3, 4])
            case "<i8", "<u8":
                let error = #expect(throws: ConvNetError.self) { try file.labels }
                #expect(error?.kind == .data && error?.location?.hasSuffix("label 0") == true)
            default: #expect(throws: ConvNetError.self) { try file.labels }
            }
        }
        try Tensor([[1]]).saveNPY(to: folder.file("matrix.npy"), as: .int8)
        #expect(throws: ConvNetError.self) { try Labels(npy: folder.file("matrix.npy")) }
    }

    @Test("Headers by the rules, whatever their spaces, quotes and order")
    func harmless() throws {
        for header in [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }   \n",
            "{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":False}",
            "{ 'fortran_order' : True , 'shape' : ( 1 , 2 ) , 'descr' : '<f4' }\n",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,2,)}",
        ] {
            for version: [UInt8] in [[1, 0], [2, 0], [3, 0]] {
                #expect(try NumPyFile(bytes: file(header, 8, version: version)).tensor.count == 2)
            }
        }
        #expect(
            try NumPyFile(bytes: file("{'descr':'|u1','fortran_order':False,'shape':()}", 1)).tensor.count
                == 1
        )
    }

    @Test("Sizes that overflow in the order of the file, of no elements, are an error that names the file")
    func turnedSizes() throws {
        let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (0, 4611686018427387904, 4)}"
        let file = try NumPyFile(bytes: file(header, 0), path: "turned.npy")
        let error = #expect(throws: ConvNetError.self) { try file.tensor }
        #expect(error?.kind == .shape && error?.location == "turned.npy")
    }

    @Test(
        "Headers that break a rule are refused",
        arguments: [
            ("", "no dictionary"), ("{}", "does not say all"), ("[]", "no dictionary"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "no dictionary"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "follows"),
            ("{'descr': '<f4', 'fortran_order': False}", "does not say all"),
            ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "key"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "key"),
            ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "truth value"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "comma"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "missing"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", "missing"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}", "too large"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,4,0)}", "as many bytes"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "as many bytes"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "as many bytes"),
            ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "not read"),
            ("{'descr': '=f4', 'fortran_order': False, 'shape': (2,)}", "not read"),
            ("{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}", "not read"),
            ("{'descr': '<U8', 'fortran_order': False, 'shape': (2,)}", "not read"),
            ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "objects"),
            ("{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,)}", "records"),
            ("{'descr': '<f4\\'', 'fortran_order': False, 'shape': (2,)}", "character"),
            ("{'descr': '<f4", "does not end"), ("{'descr'  '<f4'}", "no dictionary"),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 65)))}",
                "too many axes"
            ),
        ]
    )
    func broken(header: String, words: String) {
        let error = error(file(header, 8))
        #expect(error?.kind == .format)
        #expect(error?.summary.contains(words) == true, "\(error?.summary ?? "")")
    }

    @Test("Files that are something else, or not whole, are refused")
    func notWhole() throws {
        let whole = file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 8)
        for count in 0..<whole.count { #expect(error(Array(whole.prefix(count)))?.kind == .format) }
        #expect(error(whole + [0])?.kind == .format)
        #expect(error(file("{}", version: [4, 0]))?.summary.contains("version") == true)
        #expect(error(file("{}", version: [1, 1]))?.summary.contains("version") == true)
        #expect(error(file(String(repeating: " ", count: 20_000)))?.summary.contains("too long") == true)
        let zip = error(
            Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + [5, 0, 0, 0] + Array("x.npy".utf8)
        )
        #expect(zip?.received == "an archive of NumPy arrays (.npz)")
        #expect(zip?.remedy?.contains("NumPyArchive") == true)
        #expect(throws: ConvNetError.self) { try Tensor(npy: folder.file("nowhere.npy")) }
        #expect(throws: ConvNetError.self) { try Tensor(npy: folder.path) }
    }

    @Test(
        "NumPy reads what is written",
        .enabled(if: Python.path != nil, "SWIFTCONVNET_PYTHON names no Python")
    )
    func python() throws {
        let tensor = try Tensor([0, 1, 2, 3, 4, 5], shape: [3, 1, 2])
        for type in NumPyFile.ElementType.allCases where type != .bool {
            try tensor.saveNPY(to: folder.file("\(type.rawValue).npy"), as: type)
            let printed = try Python.run(
                "import numpy, sys; x = numpy.load(sys.argv[1]); print(x.dtype.str[1:], x.shape, x.ravel().tolist() == list(range(6)))",
                folder.file("\(type.rawValue).npy")
            )
            #expect(printed == "\(type.rawValue) (3, 1, 2) True\n")
        }
    }

    @Test("normalized() and toCategorical() are Keras'")
    func utilities() throws {
        #expect(goldens.normalize.count == 12)
        for golden in goldens.normalize {
            let result = try golden.input.tensor().normalized(axis: golden.axis, order: golden.order)
            // Two roundings of float32.
            #expect(relativeDifference(result.elements, golden.output.values) < 2e-7)
        }
        for golden in goldens.categorical {
            let result = try toCategorical(Labels(golden.labels), classes: golden.classes)
            #expect(try result == golden.output.tensor())
        }
        #expect(throws: ConvNetError.self) { try Tensor([1]).normalized(order: 0) }
        #expect(throws: ConvNetError.self) { try Tensor([1]).normalized(axis: 1) }
        #expect(try Tensor(zeros: [0, 3]).normalized().shape == [0, 3])
        #expect(throws: ConvNetError.self) { try toCategorical([-1]) }
        #expect(throws: ConvNetError.self) { try toCategorical([3], classes: 3) }
        #expect(try toCategorical([]).shape == [0, 0])
    }
}
