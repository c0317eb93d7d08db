import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

@Suite("IDX files")
struct IDXFileTests {
    private func decode(_ bytes: [UInt8], limit: Int = IDXFile.defaultLimit) throws -> IDXFile {
        try IDXFile(decoding: bytes, name: "data", limit: limit)
    }

    private func error(_ bytes: [UInt8], limit: Int = IDXFile.defaultLimit) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try decode(bytes, limit: limit) }
    }

    @Test("Bytes keep their shape, from plain and from gzip data")
    func bytes() throws {
        let content: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60]
        for form in [
            content, gzip(content), gzip(Array(content.prefix(9))) + gzip(Array(content.dropFirst(9))),
        ] {
            let file = try decode(form)
            #expect(file.elementType == .uint8)
            #expect(file.shape == [2, 1, 3])
            #expect(try file.byteTensor.bytes == [10, 20, 30, 40, 50, 60])
            #expect(try file.tensor[1, 0, 2] == 60)
            #expect(file.encoded == content)
        }
    }

    @Test("Every type of element is read, big-endian")
    func types() throws {
        func values(_ type: UInt8, _ count: UInt8, _ bytes: [UInt8]) throws -> [Float] {
            let tensor = try decode([0, 0, type, 1, 0, 0, 0, count] + bytes).tensor
            return tensor.withUnsafeBufferPointer { Array($0) }
        }
        #expect(try values(0x08, 2, [255, 1]) == [255, 1])
        #expect(try values(0x09, 2, [255, 1]) == [-1, 1])
        #expect(try values(0x0B, 2, [1, 2, 0xff, 0xfe]) == [258, -2])
        #expect(try values(0x0C, 2, [0, 1, 0, 2, 0xff, 0xff, 0xff, 0xfd]) == [65538, -3])
        #expect(try values(0x0D, 1, [0xc0, 0x20, 0, 0]) == [-2.5])
        #expect(try values(0x0E, 1, [0xc0, 0x04, 0, 0, 0, 0, 0, 0]) == [-2.5])
        #expect(try decode([0, 0, 0x0B, 1, 0, 0, 0, 2, 0, 9, 0xff, 0xff]).labels == [9, -1])
        #expect(try decode([0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 1, 0]).labels == [256])
        #expect(try decode([0, 0, 0x09, 1, 0, 0, 0, 1, 0x80]).labels == [-128])
    }

    @Test("Arrays without elements are read")
    func empty() throws {
        #expect(try decode([0, 0, 8, 1, 0, 0, 0, 0]).labels == [])
        #expect(try decode([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 9]).byteTensor.shape == [0, 9])
    }

    @Test("A file that ends early is an error, wherever it ends, with the place")
    func truncated() {
        let content: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]
        for count in 0..<content.count {
            let part = Array(content.prefix(count))
            #expect(error(part)?.kind == .format, "\(count) bytes")
            #expect(error(gzip(part))?.kind == .format, "\(count) bytes")
            if count >= 4 { #expect(error(part)?.location == "data, byte \(count)") }
        }
        #expect(error(Array(content.prefix(15)))?.received == "3")
    }

    @Test("A file that goes on behind its elements is an error")
    func trailing() {
        let content: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 1, 7, 8]
        for form in [content, gzip(content)] {
            #expect(error(form)?.summary == "Something follows the elements")
            #expect(error(form)?.location == "data, byte 9")
        }
    }

    @Test("A wrong beginning, type or number of axes is an error with the place")
    func header() {
        #expect(error([1, 0, 8, 1, 0, 0, 0, 0])?.location == "data, byte 0")
        #expect(error(Array("<html>".utf8))?.summary == "The file is not an IDX file")
        for type in UInt8.min ... .max where IDXFile.ElementType(rawValue: type) == nil {
            #expect(error([0, 0, type, 1, 0, 0, 0, 0])?.location == "data, byte 2")
        }
        #expect(error([0, 0, 8, 0])?.location == "data, byte 3")
    }

    @Test("Sizes that are merely claimed are an error, and cost nothing")
    func claimed() {
        let images: [UInt8] = [0, 0, 8, 3, 0x80, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28] + noise(84)
        #expect(error(images)?.summary == "The array that the header describes is too large")
        #expect(error(gzip(images))?.summary == "The array that the header describes is too large")
        // Within the limit, but not there.
        #expect(error(images, limit: .max)?.summary == "The file ends early")
        #expect(error(gzip(images), limit: .max)?.summary == "The file ends early")
        #expect(error(images, limit: .max)?.received == "84")
        // Products that overflow, with a zero behind them too.
        let huge = [UInt8](repeating: 0xff, count: 12)
        #expect(error([0, 0, 0x0E, 3] + huge, limit: .max)?.kind == .format)
        #expect(error([0, 0, 8, 4] + huge + [0, 0, 0, 0], limit: .max)?.kind == .format)
        #expect(error([0, 0, 8, 255] + noise(1020), limit: .max)?.kind == .format)
    }

    @Test("A gzip bomb is broken off at the size that the header names")
    func bomb() {
        let bomb = gzip([0, 0, 8, 1, 0, 0, 0, 4] + [UInt8](repeating: 0, count: 50_000_000))
        #expect(error(bomb)?.summary == "Something follows the elements")
        #expect(error(bomb)?.location == "data, byte 12")
    }

    @Test("The limit holds for the decompressed content, header included")
    func limit() throws {
        let content: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 100] + noise(100)
        #expect(try decode(gzip(content), limit: 108).shape == [100])
        #expect(error(gzip(content), limit: 107)?.expected == "at most 107 bytes in all")
    }

    @Test("Elements of a wrong type or shape are no bytes and no labels")
    func wrongUse() throws {
        let numbers = try decode([0, 0, 0x0D, 1, 0, 0, 0, 1, 0x7f, 0xc0, 0, 0])  // NaN
        #expect(throws: ConvNetError.self) { try numbers.labels }
        #expect(throws: ConvNetError.self) { try numbers.byteTensor }
        let images = try decode([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5])
        #expect(throws: ConvNetError.self) { try images.labels }
    }

    @Test("A file on disk is read, and its path is in errors")
    func onDisk() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(gzip([0, 0, 8, 1, 0, 0, 0, 2, 3, 4]), to: folder.file("labels.gz"))
        #expect(try IDXFile(contentsOf: folder.file("labels.gz")).labels == [3, 4])
        try AtomicFile.write([0, 0, 8, 1], to: folder.file("short"))
        let error = #expect(throws: ConvNetError.self) { try IDXFile(contentsOf: folder.file("short")) }
        #expect(error?.location == "\(folder.file("short")), byte 4")
        #expect(throws: ConvNetError.self) { try IDXFile(contentsOf: folder.file("missing")) }
    }
}
