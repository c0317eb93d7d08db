import CZlib
import SwiftConvNet

extension Picture {
    /// The picture as a PNG file of eight bits for each value.
    ///
    /// Needs no trait. Each row is stored as it is, or as its difference from the pixel before or from the row above, whichever
    /// has the smallest sum; then all is compressed by zlib.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    public func png() throws -> [UInt8] {
        let data = try Self.compress(filteredRows())
        return PNGFile.bytes(width: width, height: height, channels: channels, data: data)
    }

    /// Writes the picture into a PNG file, which is whole at every moment: the old one until the new one is.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the name ends in anything but `.png`, of kind `file` if it cannot be
    ///   written, of kind `environment` if there is not enough memory.
    public func save(to path: String) throws {
        guard path.lowercased().hasSuffix(".png") else {
            throw ConvNetError(
                .argument,
                "Pictures are written as PNG files",
                at: path,
                expected: "a name that ends in .png"
            )
        }
        try AtomicFile.write(png(), to: path)
    }

    /// The rows, each behind the number of its filter (ISO/IEC 15948, 9.2): 0 none, 1 sub, 2 up.
    private func filteredRows() throws -> [UInt8] {
        let row = width * channels
        return try Self.bytes(height * (row + 1), for: "a PNG file") { target in
            pixels.withUnsafeBufferPointer { source in
                for y in 0..<height {
                    func difference(_ x: Int, _ filter: Int) -> UInt8 {
                        let place = y * row + x
                        switch filter {
                        case 1: return source[place] &- (x >= channels ? source[place - channels] : 0)
                        case 2: return source[place] &- (y > 0 ? source[place - row] : 0)
                        default: return source[place]
                        }
                    }
                    // The sum of absolute differences, as libpng's own choice.
                    let sums = (0...2).map { filter in
                        (0..<row).reduce(0) { $0 + Int(Int8(bitPattern: difference($1, filter)).magnitude) }
                    }
                    let filter = sums.indices.min { sums[$0] < sums[$1] } ?? 0
                    let start = y * (row + 1)
                    target[start] = UInt8(filter)
                    for x in 0..<row { target[start + 1 + x] = difference(x, filter) }
                }
            }
        }
    }

    private static func compress(_ data: [UInt8]) throws -> [UInt8] {
        let bound = Int(compressBound(uLong(data.count)))
        var count = uLong(bound)
        var code = Z_OK
        var stream = try bytes(bound, for: "a PNG file") { target in
            target.initialize(repeating: 0)
            code = CZlib.compress(target.baseAddress, &count, data, uLong(data.count))
        }
        guard code == Z_OK else { throw MemoryCheck.shortage(bound, for: "a PNG file") }
        stream.removeLast(bound - Int(count))
        return stream
    }
}
