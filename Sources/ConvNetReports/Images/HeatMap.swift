import SwiftConvNet

/// A map of numbers as colours, alone or over a picture: what a class hangs on.
///
/// ```swift
/// let map = try HeatMap(Tensor([[0, 0.5], [0.2, 1]]))
/// let picture = try Bitmap(unitValues: [0, 0.3, 0.6, 1], width: 2, height: 2)
/// let grid = ImageGrid(title: "Where it looks", images: [CaptionedImage(map.over(picture), caption: "class 3")])
/// ```
///
/// The largest number has the brightest colour; 0 and what is below have the darkest. Colours go from black through purple, red and
/// orange to a light yellow, and grow brighter all the way, so that the map can be read without telling them apart.
public struct HeatMap: Sendable, Hashable {
    /// The numbers of a row, and of a column.
    public let width: Int, height: Int
    /// The numbers as shares of the largest, 0...1, row by row from the top.
    public let shares: [Float]

    /// A map of numbers.
    ///
    /// - Parameter values: `[height, width]`, such as `gradCAM` makes it, where what is below 0 counts as 0; or `[height, width, channels]`, a gradient
    ///   such as `saliency` makes it, of which the largest absolute value over the channels counts.
    /// - Throws: `ConvNetError` of kind `shape` for any other shape, or sides that are not in 1...4096; of kind `data` for a number that is not
    ///   finite.
    public init(_ values: Tensor) throws {
        let shape = values.shape
        guard shape.rank == 2 || shape.rank == 3, shape.elementCount > 0,
            shape[0] <= Bitmap.largestSide, shape[1] <= Bitmap.largestSide
        else {
            throw ConvNetError(
                .shape,
                "Not the shape of a map",
                at: "HeatMap",
                expected: "[height, width] or [height, width, channels], sides of 1...\(Bitmap.largestSide)",
                received: "\(shape)"
            )
        }
        let elements = values.elements
        if let odd = elements.firstIndex(where: { !$0.isFinite }) {
            throw ConvNetError(
                .data,
                "A number of a map is not finite",
                at: "HeatMap, element \(odd)",
                expected: "a finite number",
                received: "\(elements[odd])"
            )
        }
        (height, width) = (shape[0], shape[1])
        let channels = shape.rank == 3 ? shape[2] : 0
        let numbers: [Float] = (0..<(shape[0] * shape[1])).map { place in
            guard channels > 0 else { return max(elements[place], 0) }
            return elements[(place * channels)..<((place + 1) * channels)].reduce(0) { max($0, abs($1)) }
        }
        let largest = numbers.max() ?? 0
        shares = largest > 0 ? numbers.map { $0 / largest } : numbers
    }

    /// The map as a picture of its own size.
    public var image: Bitmap { colors(width: width, height: height, over: nil, opacity: 1) }

    /// The map over a picture, enlarged to its size by bilinear interpolation.
    ///
    /// - Parameters:
    ///   - picture: what is below; grey or in colour, it shows in shades of grey.
    ///   - opacity: the share of the map's colour where the map is largest, 0...1; where it is 0 the picture shows. Default 0.7.
    public func over(_ picture: Bitmap, opacity: Double = 0.7) -> Bitmap {
        colors(width: picture.width, height: picture.height, over: picture, opacity: min(max(opacity, 0), 1))
    }

    private func colors(width: Int, height: Int, over picture: Bitmap?, opacity: Double) -> Bitmap {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * width * height)
        for y in 0..<height {
            let row = Self.position(y, of: height, in: self.height)
            for x in 0..<width {
                let column = Self.position(x, of: width, in: self.width)
                func mixed(_ y: Int) -> Double {
                    let left = Double(shares[y * self.width + column.first])
                    let right = Double(shares[y * self.width + column.second])
                    return left + (right - left) * column.share
                }
                let top = mixed(row.first), share = top + (mixed(row.second) - top) * row.share
                let color = Self.color(share)
                // The more, the more of its colour.
                let below = picture.map { $0.brightness(x: x, y: y) * 255 }
                let part = below == nil ? 1 : opacity * share.squareRoot()
                bytes += color.map { UInt8((($0 * part) + (below ?? 0) * (1 - part)).rounded()) }
            }
        }
        return Bitmap(filled: bytes, width: width, height: height, channels: 3)
    }

    /// Between which two numbers a pixel lies, and how far from the first: the middles of pixels and of numbers are aligned.
    private static func position(_ pixel: Int, of pixels: Int, in count: Int) -> (
        first: Int, second: Int, share: Double
    ) {
        let place = (Double(pixel) + 0.5) * Double(count) / Double(pixels) - 0.5
        let within = min(max(place, 0), Double(count - 1)), first = Int(within)
        return (first, min(first + 1, count - 1), within - Double(first))
    }

    /// Red, green and blue at equal steps: matplotlib's "inferno" (S. van der Walt, N. Smith; CC0), every eighth of the way.
    private static let ramp: [[Double]] = [
        [0, 0, 4], [31, 12, 72], [85, 15, 109], [136, 34, 106], [186, 54, 85], [227, 89, 51], [249, 140, 10],
        [249, 201, 50], [252, 255, 164],
    ]

    private static func color(_ share: Double) -> [Double] {
        let place = min(max(share, 0), 1) * Double(ramp.count - 1)
        let step = min(Int(place), ramp.count - 2), part = place - Double(step)
        return zip(ramp[step], ramp[step + 1]).map { $0 + ($1 - $0) * part }
    }
}
