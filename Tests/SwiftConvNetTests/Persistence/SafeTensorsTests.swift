import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("safetensors files")
struct SafeTensorsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The bytes of a file with a header as it is given and `dataCount` bytes 0, 1, 2, … after it.
    static func bytes(_ header: String, dataCount: Int = 0) -> [UInt8] {
        bytes(Array(header.utf8), dataCount: dataCount)
    }

    private static func bytes(_ header: [UInt8], dataCount: Int = 0, claiming size: UInt64? = nil) -> [UInt8]
    {
        withUnsafeBytes(of: (size ?? UInt64(header.count)).littleEndian) { Array($0) } + header
            + (0..<dataCount).map { UInt8(truncatingIfNeeded: $0) }
    }

    private static let tensors: [String: Tensor] = {
        do {
            return [
                "b": try Tensor([[1, -2.5], [.infinity, .leastNonzeroMagnitude]]),
                "a/scalar": try Tensor([-0.0], shape: []),
                "é\"\\\n\u{1}😀": try Tensor(shape: [2, 3, 4]) { Float($0[0] * 100 + $0[1] * 10 + $0[2]) },
                "empty": try Tensor(zeros: [3, 0, 2]),
                "large": try Tensor(shape: [50_000]) { Float($0[0]) * 0.1 },
            ]
        } catch {
            fatalError("\(error)")
        }
    }()

    @Test("What was written is read, bit for bit, from a file and from memory")
    func roundTrip() throws {
        let metadata = ["format": "test", "a \"quoted\" key": "line\nline\t\u{7}ü", "": ""]
        let path = folder.file("file.safetensors")
        try SafeTensors.write(Self.tensors, metadata: metadata, to: path)
        let content = try FileContents.read(path, limit: 1 << 20)
        for file in [try SafeTensors(contentsOf: path), try SafeTensors(bytes: content)] {
            #expect(file.metadata == metadata)
            #expect(Set(file.entries.map(\.name)) == Set(Self.tensors.keys))
            for (name, tensor) in Self.tensors {
                let read = try file.tensor(named: name)
                #expect(read.shape == tensor.shape)
                #expect(read.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern))
                #expect(file[name]?.type == .float32)
            }
        }
        let headerCount = content[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(headerCount % 8 == 0)
        #expect(content[8] == UInt8(ascii: "{"))
    }

    @Test("The same arrays give the same bytes, in the order of their names")
    func stable() throws {
        for name in ["1", "2"] {
            try SafeTensors.write(Self.tensors, metadata: ["k": "v", "j": "w"], to: folder.file(name))
        }
        let content = try FileContents.read(folder.file("1"), limit: 1 << 20)
        #expect(try FileContents.read(folder.file("2"), limit: 1 << 20) == content)
        let names = try SafeTensors(bytes: content).entries.map(\.name)
        #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test("A file without arrays is a file")
    func nothing() throws {
        try SafeTensors.write([:], to: folder.file("nothing"))
        #expect(try SafeTensors(contentsOf: folder.file("nothing")).entries.isEmpty)
        #expect(try SafeTensors(bytes: Self.bytes("{}   ")).metadata.isEmpty)
        #expect(try SafeTensors(bytes: Self.bytes("{ \"__metadata__\" : { } }\n")).metadata.isEmpty)
    }

    @Test("Arrays of every element type are listed and read as bytes; only float32 is a tensor")
    func elementTypes() throws {
        for type in SafeTensors.ElementType.allCases {
            let count = 8 * type.bitCount / 8
            let header = #"{"x":{"dtype":"\#(type.rawValue)","shape":[2,4],"data_offsets":[0,\#(count)]}}"#
            let file = try SafeTensors(bytes: Self.bytes(header, dataCount: count), path: "some.file")
            #expect(file["x"]?.type == type)
            #expect(file["x"]?.shape == [2, 4])
            #expect(try file.bytes(named: "x") == (0..<count).map { UInt8($0) })
            if type == .float32 {
                #expect(try file.tensor(named: "x").shape == [2, 4])
            } else {
                let error = #expect(throws: ConvNetError.self) { try file.tensor(named: "x") }
                #expect(error?.kind == .format)
                #expect(error?.received == type.rawValue)
                #expect(error?.location?.hasPrefix("some.file, byte ") == true)
            }
        }
    }

    @Test("An array that is not there is an error that lists those that are")
    func missing() throws {
        let file = try SafeTensors(
            bytes: Self.bytes(#"{"x":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#, dataCount: 1)
        )
        let error = #expect(throws: ConvNetError.self) { try file.tensor(named: "y") }
        #expect(error?.description.contains("\"y\"") == true)
        #expect(error?.expected == "x")
    }

    @Test("Names that the format keeps for itself are not written")
    func reservedName() throws {
        let error = #expect(throws: ConvNetError.self) {
            try SafeTensors.write(["__metadata__": Tensor([1])], to: folder.file("x"))
        }
        #expect(error?.kind == .argument)
        #expect(try folder.names.isEmpty)
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        /// What the error must say, and the byte at which.
        let says: String
        let offset: Int

        init(_ description: String, _ bytes: [UInt8], says: String, at offset: Int) {
            testDescription = description
            self.bytes = bytes
            self.says = says
            self.offset = offset
        }

        init(_ description: String, _ header: String, data: Int = 0, says: String, at offset: Int) {
            self.init(description, SafeTensorsTests.bytes(header, dataCount: data), says: says, at: offset)
        }

        /// A header with one array "x", described by `inside`.
        init(_ description: String, inside: String, data: Int = 0, says: String, at offset: Int) {
            self.init(description, #"{"x":{\#(inside)}}"#, data: data, says: says, at: offset)
        }
    }

    static let broken: [Broken] = [
        Broken("nothing", [], says: "an empty file", at: 0),
        Broken("seven bytes", [1, 0, 0, 0, 0, 0, 0], says: "too short", at: 7),
        Broken("an empty header", bytes(""), says: "no safetensors header", at: 8),
        Broken(
            "a header that is longer than the file",
            bytes(Array("{}".utf8), claiming: 3),
            says: "size of the header",
            at: 0
        ),
        Broken(
            "a header longer than the format allows",
            bytes([], claiming: 100_000_001),
            says: "100000000",
            at: 0
        ),
        Broken(
            "a header of 2⁶⁴ - 1 bytes",
            bytes(Array("{}".utf8), claiming: .max),
            says: "18446744073709551615",
            at: 0
        ),
        Broken(
            "a header of 2⁶³ bytes",
            bytes(Array("{}".utf8), claiming: 1 << 63),
            says: "size of the header",
            at: 0
        ),
        Broken("a header that begins with a space", " {}", says: "no safetensors header", at: 8),
        Broken("a list", "[]", says: "no safetensors header", at: 8),
        Broken("a header that ends too soon", "{", says: "the end of the header", at: 9),
        Broken("a header that ends within a string", #"{"abc"#, says: "end of the string", at: 13),
        Broken("a header that ends within an escape", "{\"abc\\", says: "rest of an escape", at: 14),
        Broken("two objects", "{}{}", says: "nothing but spaces", at: 10),
        Broken("a zero byte after the header", "{}\0", says: "byte 0x0", at: 10),
        Broken("a trailing comma", #"{"__metadata__":{},}"#, says: "a string", at: 27),
        Broken("a key without quotes", "{x:1}", says: "a string", at: 9),
        Broken("a key without a value", #"{"x"}"#, says: "\":\"", at: 12),
        Broken("bytes that are not UTF-8", bytes([0x7B, 0x22, 0xFF, 0x22, 0x7D]), says: "not UTF-8", at: 9),
        Broken("an overlong slash", bytes([0x7B, 0x22, 0xC0, 0xAF, 0x22, 0x7D]), says: "not UTF-8", at: 9),
        Broken("a control character in a name", "{\"a\nb\":1}", says: "control characters", at: 11),
        Broken("an unknown escape", #"{"\x":1}"#, says: "unknown escape", at: 10),
        Broken("a short escape", #"{"\u12":1}"#, says: "hexadecimal", at: 14),
        Broken("half a surrogate pair", #"{"\ud83d":1}"#, says: "half a character", at: 10),
        Broken(
            "half a surrogate pair and another escape",
            #"{"\ud83d\u0041":1}"#,
            says: "half a character",
            at: 10
        ),
        Broken("metadata that is no object", #"{"__metadata__":"x"}"#, says: "\"{\"", at: 24),
        Broken("metadata that is a number", #"{"__metadata__":{"a":1}}"#, says: "a string", at: 29),
        Broken("metadata in metadata", #"{"__metadata__":{"a":{}}}"#, says: "a string", at: 29),
        Broken("null", #"{"x":null}"#, says: "\"{\"", at: 13),
        Broken("metadata twice", #"{"__metadata__":{},"__metadata__":{}}"#, says: "twice", at: 27),
        Broken("one key of metadata twice", #"{"__metadata__":{"a":"","a":""}}"#, says: "twice", at: 32),
        Broken(
            "one array twice",
            #"{"x":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}"#,
            data: 2,
            says: "twice",
            at: 60
        ),
        Broken(
            "one array twice, once with an escape",
            #"{"x":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"\u0078":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}"#,
            data: 2,
            says: "twice",
            at: 60
        ),
        Broken(
            "a dtype twice",
            inside: #""dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]"#,
            data: 1,
            says: "twice",
            at: 27
        ),
        Broken(
            "an unknown dtype",
            inside: #""dtype":"F33","shape":[],"data_offsets":[0,4]"#,
            data: 4,
            says: "unknown dtype",
            at: 22
        ),
        Broken(
            "a dtype in lower case",
            inside: #""dtype":"f32","shape":[],"data_offsets":[0,4]"#,
            data: 4,
            says: "unknown dtype",
            at: 22
        ),
        Broken(
            "no dtype",
            inside: #""shape":[],"data_offsets":[0,4]"#,
            data: 4,
            says: "not described in full",
            at: 9
        ),
        Broken(
            "no shape",
            inside: #""dtype":"F32","data_offsets":[0,4]"#,
            data: 4,
            says: "not described in full",
            at: 9
        ),
        Broken(
            "no offsets",
            inside: #""dtype":"F32","shape":[]"#,
            data: 4,
            says: "not described in full",
            at: 9
        ),
        Broken(
            "an unknown key",
            inside: #""dtype":"F32","shape":[],"offset":[0,4]"#,
            data: 4,
            says: "unknown key",
            at: 39
        ),
        Broken(
            "a shape that is a number",
            inside: #""dtype":"F32","shape":4,"data_offsets":[0,16]"#,
            data: 16,
            says: "\"[\"",
            at: 36
        ),
        Broken(
            "a negative size",
            inside: #""dtype":"F32","shape":[-1],"data_offsets":[0,4]"#,
            data: 4,
            says: "whole number",
            at: 37
        ),
        Broken(
            "a fraction",
            inside: #""dtype":"F32","shape":[1.0],"data_offsets":[0,4]"#,
            data: 4,
            says: "\"]\"",
            at: 38
        ),
        Broken(
            "an exponent",
            inside: #""dtype":"F32","shape":[1e0],"data_offsets":[0,4]"#,
            data: 4,
            says: "\"]\"",
            at: 38
        ),
        Broken(
            "a leading zero",
            inside: #""dtype":"F32","shape":[01],"data_offsets":[0,4]"#,
            data: 4,
            says: "leading zero",
            at: 37
        ),
        Broken(
            "a size as text",
            inside: #""dtype":"F32","shape":["1"],"data_offsets":[0,4]"#,
            data: 4,
            says: "whole number",
            at: 37
        ),
        Broken(
            "a size of 2⁶⁴",
            inside: #""dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]"#,
            data: 4,
            says: "at most",
            at: 37
        ),
        Broken(
            "sizes whose product overflows",
            inside: #""dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]"#,
            says: "fits 64 bits",
            at: 9
        ),
        Broken(
            "sizes whose bits overflow",
            inside: #""dtype":"F32","shape":[576460752303423488],"data_offsets":[0,0]"#,
            says: "fits 64 bits",
            at: 9
        ),
        Broken(
            "half a byte",
            inside: #""dtype":"F4","shape":[1],"data_offsets":[0,1]"#,
            data: 1,
            says: "whole bytes",
            at: 9
        ),
        Broken(
            "one offset",
            inside: #""dtype":"F32","shape":[],"data_offsets":[4]"#,
            data: 4,
            says: "no range",
            at: 9
        ),
        Broken(
            "three offsets",
            inside: #""dtype":"F32","shape":[],"data_offsets":[0,4,4]"#,
            data: 4,
            says: "no range",
            at: 9
        ),
        Broken(
            "offsets backwards",
            inside: #""dtype":"F32","shape":[],"data_offsets":[4,0]"#,
            data: 4,
            says: "no range",
            at: 9
        ),
        Broken(
            "offsets too near",
            inside: #""dtype":"F32","shape":[2],"data_offsets":[0,4]"#,
            data: 4,
            says: "8 bytes",
            at: 9
        ),
        Broken(
            "an array of no bytes with one",
            inside: #""dtype":"F32","shape":[0],"data_offsets":[0,4]"#,
            data: 4,
            says: "0 bytes",
            at: 9
        ),
        Broken(
            "a file too short for its arrays",
            inside: #""dtype":"F32","shape":[2],"data_offsets":[0,8]"#,
            data: 7,
            says: "beyond the file",
            at: 9
        ),
        Broken(
            "a file too long for its arrays",
            inside: #""dtype":"F32","shape":[2],"data_offsets":[0,8]"#,
            data: 9,
            says: "goes on",
            at: 70
        ),
        Broken("data without arrays", "{}", data: 1, says: "goes on", at: 10),
        Broken(
            "a gap at the start",
            inside: #""dtype":"U8","shape":[1],"data_offsets":[1,2]"#,
            data: 2,
            says: "gap or overlap",
            at: 9
        ),
        Broken(
            "a gap",
            #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"y":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
            data: 3,
            says: "\"y\"",
            at: 61
        ),
        Broken(
            "an overlap",
            #"{"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            data: 3,
            says: "\"y\"",
            at: 9
        ),
        Broken(
            "two arrays in one place",
            #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"y":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
            data: 1,
            says: "gap or overlap",
            at: 61
        ),
        Broken(
            "offsets of nearly 2⁶³",
            inside: #""dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]"#,
            says: "64 bits",
            at: 9
        ),
        Broken(
            "brackets without end",
            "{\"x\":" + String(repeating: "[", count: 100_000),
            says: "\"{\"",
            at: 13
        ),
        Broken(
            "braces without end",
            String(repeating: "{\"x\":", count: 100_000),
            says: "unknown key",
            at: 14
        ),
    ]

    @Test("A broken file is an error of its kind, with the byte", arguments: broken)
    func refuses(_ broken: Broken) throws {
        let error = #expect(throws: ConvNetError.self) {
            try SafeTensors(bytes: broken.bytes, path: "some.file")
        }
        #expect(error?.kind == .format)
        #expect(error?.location == "some.file, byte \(broken.offset)")
        #expect(error?.description.contains(broken.says) == true, "\(error as Any)")
        // From the storage just as from memory.
        let path = folder.file("broken")
        try AtomicFile.write(broken.bytes, to: path)
        let same = #expect(throws: ConvNetError.self) { try SafeTensors(contentsOf: path) }
        #expect(same?.summary == error?.summary)
        #expect(same?.location == "\(path), byte \(broken.offset)")
    }

    @Test("Every cut and every changed byte of the header is an error or another valid file, never a crash")
    func mutations() throws {
        let path = folder.file("file")
        try SafeTensors.write(
            ["a": Tensor([1, 2]), "b/c": Tensor([[3]])],
            metadata: ["m": "\u{e9}\n"],
            to: path
        )
        let content = try FileContents.read(path, limit: 1 << 20)
        for count in 0..<content.count {
            #expect(throws: ConvNetError.self) { try SafeTensors(bytes: Array(content[..<count])) }
        }
        var random = RandomStream(seed: 1, purpose: .shuffle)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = content
            for _ in 0...random.integer(below: 3) {
                bytes[random.integer(below: bytes.count)] = UInt8(truncatingIfNeeded: random.nextWord())
            }
            do {
                let file = try SafeTensors(bytes: bytes)
                for entry in file.entries {
                    #expect(try file.bytes(named: entry.name).count == entry.byteRange.count)
                }
                accepted += 1
            } catch {
                #expect(error is ConvNetError)
            }
        }
        #expect((1..<20_000).contains(accepted))
    }

    @Test("A path that cannot be read is an error with the path")
    func unreadable() throws {
        for path in [folder.file("missing"), folder.path, "/dev/zero", ""] {
            let error = #expect(throws: ConvNetError.self) { try SafeTensors(contentsOf: path) }
            #expect(error?.kind == .file)
            #expect(error?.location == path)
        }
    }

    @Test(
        "A file that is replaced while it is open stays the one that was opened; one that is cut is an error"
    )
    func changes() throws {
        let path = folder.file("file")
        try SafeTensors.write(["x": Tensor([1, 2])], to: path)
        let file = try SafeTensors(contentsOf: path)
        try SafeTensors.write(["x": Tensor([3, 4])], to: path)
        #expect(try file.tensor(named: "x").elements == [1, 2])
        let other = try SafeTensors(contentsOf: path)
        #expect(truncate(path, 20) == 0)
        let error = #expect(throws: ConvNetError.self) { try other.tensor(named: "x") }
        #expect(error?.kind == .file)
        #expect(error?.description.contains("shorter") == true)
    }

    @Test("Python writes the same bytes, and reads them", .enabled(if: Python.path != nil))
    func python() throws {
        let mine = folder.file("mine"), theirs = folder.file("theirs")
        let tensors = [
            "b": try Tensor([[1, 2], [3, 4], [-5, 0.1]]),
            "a/kernel": try Tensor(shape: [2, 2, 2], repeating: 7),
            "é": try Tensor([9], shape: []),
        ]
        try SafeTensors.write(tensors, metadata: ["format": "np"], to: mine)
        let output = try Python.run(
            """
            import sys, numpy as np
            from safetensors.numpy import load_file, save_file
            from safetensors import safe_open
            arrays = load_file(sys.argv[1])
            save_file(arrays, sys.argv[2], metadata=safe_open(sys.argv[1], 'np').metadata())
            print(sorted((k, v.shape, str(v.dtype), v.astype(float).sum().round(3).item()) for k, v in arrays.items()))
            """,
            mine,
            theirs
        )
        #expect(
            output
                == "[('a/kernel', (2, 2, 2), 'float32', 56.0), ('b', (3, 2), 'float32', 5.1), ('é', (), 'float32', 9.0)]\n"
        )
        #expect(try FileContents.read(theirs, limit: 1 << 20) == FileContents.read(mine, limit: 1 << 20))
    }
}
