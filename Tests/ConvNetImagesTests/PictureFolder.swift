import ConvNetImages
import Foundation
import SwiftConvNet
import TestSupport

/// A folder of small pictures in PPM and PGM files, which need no trait.
struct PictureFolder {
    let folder: TemporaryFolder
    var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    /// Writes a picture of one colour, 4 by 6 pixels.
    func add(_ name: String, _ color: (Int, Int, Int), height: Int = 4, width: Int = 6) throws {
        let pixel: [UInt8] = [UInt8(color.0), UInt8(color.1), UInt8(color.2)]
        let pixels = (0..<(height * width)).flatMap { _ in pixel }
        try add(name, Array("P6 \(width) \(height) 255\n".utf8) + pixels)
    }

    /// Writes levels of grey.
    func addGray(_ name: String, _ rows: [[UInt8]]) throws {
        try add(name, Array("P5 \(rows[0].count) \(rows.count) 255\n".utf8) + rows.flatMap { $0 })
    }

    func add(_ name: String, _ bytes: [UInt8]) throws {
        try Folders.make(forFile: folder.file(name))
        try AtomicFile.write(bytes, to: folder.file(name))
    }

    /// Two classes: red pictures and blue ones, `count` of each.
    static func twoClasses(_ count: Int) throws -> PictureFolder {
        let folder = try PictureFolder()
        for number in 0..<count {
            try folder.add("red/\(number).ppm", (200 + number, number, 0))
            try folder.add("blue/\(number).ppm", (number, 0, 200 + number))
        }
        return folder
    }
}

extension Dataset {
    /// The numbers of a field of a sample.
    func values(_ field: Int, of sample: Int) throws -> [Float] {
        try Tensor(shape: fields[field].shape) { try readValues(field, of: sample, into: $0) }.elements
    }
}
