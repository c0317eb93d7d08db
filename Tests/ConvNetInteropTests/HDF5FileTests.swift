import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

@Suite("HDF5 files", .enabled(if: Traits.hasHDF5, "needs the trait HDF5"))
struct HDF5FileTests {
    private func file() throws -> [UInt8] {
        var writer = HDF5Writer()
        writer.addGroup("layers/dense/vars", name: "dense")
        writer.add(
            try Tensor(Golden.uniform(stream: 5, count: 12), shape: [3, 4]),
            at: "layers/dense/vars/0"
        )
        writer.add(try Tensor([2.5], shape: []), at: "scalar")
        writer.add(-7, at: "optimizer/vars/0")
        return try writer.file()
    }

    @Test("What is written is read, and the same contents give the same bytes")
    func roundTrip() throws {
        let bytes = try file()
        #expect(bytes == (try file()))
        let read = try HDF5File(bytes: bytes, path: "a.h5")
        #expect(read.datasets.keys.sorted() == ["layers/dense/vars/0", "optimizer/vars/0", "scalar"])
        #expect(read.hasGroup("layers/dense/vars") && !read.hasGroup("layers/dense/vars/0"))
        #expect(try read.tensor("layers/dense/vars/0").elements == Golden.uniform(stream: 5, count: 12))
        #expect(try read.tensor("scalar").shape == [])
        #expect(try read.number("optimizer/vars/0") == -7)
        #expect(read.count(in: "layers/dense/vars") == 1)
        #expect(try read.strings("name", of: "layers/dense/vars") == ["dense"])
        #expect(try read.strings("name", of: "layers") == nil)
        #expect(throws: ConvNetError.self) { try read.tensor("layers") }
        #expect(throws: ConvNetError.self) { try read.number("layers/dense/vars/0") }
    }

    @Test("Broken files are errors, and no more")
    func broken() throws {
        let bytes = try file()
        for count in [0, 8, 100, bytes.count / 2] {
            #expect(throws: ConvNetError.self) { try HDF5File(bytes: Array(bytes[..<count]), path: "a.h5") }
        }
        var refused = 0
        for round in 0..<300 {
            var broken = bytes
            for change in 0..<3 {
                let random = Golden.bits(stream: UInt32(round), index: UInt32(change))
                broken[Int(random) % broken.count] = UInt8(truncatingIfNeeded: random >> 8)
            }
            do {
                let file = try HDF5File(bytes: broken, path: "a.h5")
                for name in file.datasets.keys { _ = try file.tensor(name) }
                for name in file.groups.keys { _ = try file.strings("name", of: name) }
            } catch is ConvNetError { refused += 1 }
        }
        #expect(refused > 0)
    }

    @Test("Texts of variable length are found, and damaged ones are errors")
    func texts() throws {
        let path = Golden.folder.appendingPathComponent("keras-tiny.h5").path
        let bytes = try FileContents.read(path, limit: 1 << 20)
        let file = try HDF5File(bytes: bytes, path: path)
        let text = try #require(try file.strings("training_config", of: "")?.first)
        #expect(text.hasPrefix("{") && text.hasSuffix("}"))
        #expect(try file.strings("weight_names", of: "optimizer_weights")?.first == "sgd/iteration")
        #expect(try file.strings("no such attribute", of: "") == nil)
        // Every collection of the heap claims to be larger than the file.
        var broken = bytes
        for place in bytes.indices where bytes[place...].starts(with: "GCOL".utf8) {
            broken[place + 14] = 0x7F
        }
        #expect(throws: ConvNetError.self) {
            try HDF5File(bytes: broken, path: path).strings("training_config", of: "")
        }
    }

    /// libhdf5 1.10.8 reads behind the message of an attribute whose parts claim more room than it has.
    @Test(
        "Parts of an attribute that claim too much are errors",
        arguments: [
            (-8, 9, "version"), (-5, 0x7F, "size of the name"), (-3, 0x7F, "size of the type"),
            (-1, 0x7F, "size of the dataspace"), (15, 0x41, "end of the name"),
            (16, 0x16, "class of the type"),
            (23, 0x7F, "size of an element"), (24, 0x99, "type in the list"),
            (34, 0x7F, "bits of the type in the list"),
            (40, 9, "version of the dataspace"), (41, 1, "axes without extents"), (41, 33, "axes"),
            (42, 4, "flags"),
        ] as [(Int, UInt8, String)]
    )
    func attributes(offset: Int, value: UInt8, part: String) throws {
        let path = Golden.folder.appendingPathComponent("keras-tiny.h5").path
        var bytes = try FileContents.read(path, limit: 1 << 20)
        let name = try #require(bytes.indices.first { bytes[$0...].starts(with: "training_config".utf8) })
        #expect(try HDF5File(bytes: bytes, path: path).hasGroup(""))
        bytes[name + offset] = value
        let error = #expect(throws: ConvNetError.self) { try HDF5File(bytes: bytes, path: path) }
        #expect(error?.kind == .format && error?.summary.contains("structure") == true, "\(part)")
    }
}

@Suite("Without the trait HDF5", .enabled(if: !Traits.hasHDF5))
struct NoHDF5Tests {
    @Test("Files are errors that name the trait")
    func error() throws {
        let path = Golden.folder.appendingPathComponent("keras-tiny.h5").path
        let error = try #require(throws: ConvNetError.self) { try KerasFile(contentsOf: path) }
        #expect(error.kind == .environment && error.remedy?.contains("Enable the trait HDF5") == true)
    }
}
