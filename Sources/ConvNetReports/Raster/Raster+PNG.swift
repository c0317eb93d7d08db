import SwiftConvNet

extension Raster {
    /// The pixels as a PNG file.
    ///
    /// Each row is stored as its difference from the row above (filter 2, "up"), which is 0 almost everywhere in a chart.
    var png: [UInt8] {
        let size = 3 * width
        var rows: [UInt8] = []
        rows.reserveCapacity((size + 1) * height)
        for row in 0..<height {
            rows.append(2)
            for place in (row * size)..<((row + 1) * size) {
                rows.append(row == 0 ? bytes[place] : bytes[place] &- bytes[place - size])
            }
        }
        return PNGFile.bytes(width: width, height: height, channels: 3, data: ZlibStream.runs(of: rows))
    }
}
