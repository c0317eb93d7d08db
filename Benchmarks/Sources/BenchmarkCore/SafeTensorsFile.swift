import Foundation
import SwiftConvNet

/// Writes a few tensors for a peer to read: a safetensors file, which is a header in JSON and the bytes behind it.
package enum SafeTensorsFile {
    /// Writes tensors by name.
    package static func write(_ tensors: [String: Tensor], to path: String) throws {
        var header: [String: Entry] = [:]
        var body = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = body.count
            // The format is little-endian, as are all machines that this suite runs on.
            tensor.withUnsafeBufferPointer { body.append(contentsOf: UnsafeRawBufferPointer($0)) }
            header[name] = Entry(shape: tensor.shape.dimensions, data_offsets: [start, body.count])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var text = try encoder.encode(header)
        // Padded, so that the numbers begin on a multiple of 8 bytes.
        text.append(contentsOf: Array(repeating: UInt8(ascii: " "), count: -text.count & 7))
        let size = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        try (size + text + body).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private struct Entry: Encodable {
        var dtype = "F32"
        let shape: [Int]
        let data_offsets: [Int]  // swift-format-ignore: AlwaysUseLowerCamelCase
    }
}
