import SwiftConvNet

extension GrayImage {
    /// The picture of one character, brought to the form of MNIST's digits: white on black, fitted into 20×20
    /// pixels with its proportions kept, and put into 28×28 pixels with its centre of mass in the middle.
    ///
    /// The source of these steps is the description of MNIST by its authors (LeCun, Cortes, Burges). Dark on
    /// light and light on dark are told apart by the border, which has to be background for the most part.
    /// Digits of MNIST itself come out as they are.
    ///
    /// - Returns: the grey levels `[height: 28, width: 28, channels: 1]`, 0 for the background, 255 for full
    ///   ink.
    /// - Throws: `ConvNetError` of kind `data` if nothing stands out from the background.
    public func preparedDigit() throws -> [UInt8] {
        let ink = try inked()
        let fitted = ink.cropped().fitted(into: 20)
        return fitted.centered(in: 28).pixels.map { UInt8(($0 * 255).rounded()) }
    }

    /// The image with the background at 0 and the strongest ink at 1.
    private func inked() throws -> PixelGrid {
        let border = borderPixels.sorted()
        let background = border[border.count / 2]
        // Which side of the background is the ink on? The one with the larger sum of squares, for noise is
        // small and ink is not.
        var (darker, lighter): (Double, Double) = (0, 0)
        for pixel in pixels {
            let difference = Double(pixel - background)
            if difference < 0 {
                darker += difference * difference
            } else {
                lighter += difference * difference
            }
        }
        let sign: Float = darker > lighter ? -1 : 1
        let strongest = pixels.reduce(0) { max($0, sign * ($1 - background)) }
        // A clean image has no noise, and keeps its faintest pixels. If the character touches the border, what
        // differs there most is ink; so the noise is taken from the third quarter.
        let noise = border.map { abs($0 - background) }.sorted()[border.count * 3 / 4]
        let threshold = max(min(2 * noise, strongest / 2), 1e-6)
        guard strongest >= 0.02, strongest > threshold else {
            throw ConvNetError(
                .data,
                "There is nothing to see in the image",
                at: "\(width) by \(height) pixels",
                expected: "a character that stands out from the background",
                received: "grey levels that differ by \(strongest * 100) % of full scale at most"
            )
        }
        let values = pixels.map { pixel in
            let value = sign * (pixel - background)
            return value > threshold ? value / strongest : 0
        }
        return PixelGrid(width: width, height: height, pixels: values)
    }

    private var borderPixels: [Float] {
        let rows = [pixels.prefix(width), pixels.suffix(width)].joined()
        let sides = (0..<height).flatMap { [pixels[$0 * width], pixels[($0 + 1) * width - 1]] }
        return Array(rows) + sides
    }
}

/// Ink on no ground: 0 for none, 1 for full.
private struct PixelGrid {
    var width: Int
    var height: Int
    var pixels: [Float]

    /// The smallest part that holds all ink.
    func cropped() -> PixelGrid {
        var (left, right, top, bottom) = (width, -1, height, -1)
        for y in 0..<height {
            let row = pixels[(y * width)..<((y + 1) * width)]
            guard let first = row.firstIndex(where: { $0 > 0 }), let last = row.lastIndex(where: { $0 > 0 })
            else {
                continue
            }
            (left, right) = (min(left, first - y * width), max(right, last - y * width))
            (top, bottom) = (min(top, y), y)
        }
        let rows = (top...bottom).map { pixels[($0 * width + left)...($0 * width + right)] }
        return PixelGrid(width: right - left + 1, height: bottom - top + 1, pixels: Array(rows.joined()))
    }

    /// The grid resized so that its longer side is `side`, the strongest ink at 1 again.
    func fitted(into side: Int) -> PixelGrid {
        let longer = Double(max(width, height))
        let newWidth = max(Int((Double(width * side) / longer).rounded()), 1)
        let newHeight = max(Int((Double(height * side) / longer).rounded()), 1)
        let columns = Self.weights(from: width, to: newWidth)
        let rows = Self.weights(from: height, to: newHeight)

        var narrow = [Float](repeating: 0, count: newWidth * height)
        for y in 0..<height {
            for (x, column) in columns.enumerated() {
                narrow[y * newWidth + x] = column.reduce(0) { $0 + $1.weight * pixels[y * width + $1.place] }
            }
        }
        var result = [Float](repeating: 0, count: newWidth * newHeight)
        for (y, row) in rows.enumerated() {
            for x in 0..<newWidth {
                result[y * newWidth + x] = row.reduce(0) { $0 + $1.weight * narrow[$1.place * newWidth + x] }
            }
        }
        // A thin stroke of a large image has become faint.
        let strongest = result.max() ?? 1
        return PixelGrid(width: newWidth, height: newHeight, pixels: result.map { min($0 / strongest, 1) })
    }

    /// For each new place the old places that it is made of: linear interpolation, over as many places as one new
    /// place covers, which keeps edges smooth. At the same size each place is its own.
    private static func weights(from old: Int, to new: Int) -> [[(place: Int, weight: Float)]] {
        let ratio = Double(old) / Double(new)
        let reach = max(ratio, 1)
        return (0..<new).map { target in
            let center = (Double(target) + 0.5) * ratio - 0.5
            let near =
                max(
                    Int((center - reach).rounded(.up)),
                    0
                )...min(
                    Int((center + reach).rounded(.down)),
                    old - 1
                )
            let shares = near.map { (place: $0, weight: max(1 - abs(Double($0) - center) / reach, 0)) }
            let sum = shares.reduce(0) { $0 + $1.weight }
            return shares.map { ($0.place, Float($0.weight / sum)) }
        }
    }

    /// The grid in a square with its centre of mass on the pixel in the middle, as far as all of it fits.
    ///
    /// That pixel is at `side / 2`, counted from 0: so all 10,000 test digits of MNIST are where they are.
    func centered(in side: Int) -> PixelGrid {
        var (mass, x, y): (Double, Double, Double) = (0, 0, 0)
        for (place, pixel) in pixels.enumerated() {
            mass += Double(pixel)
            x += Double(pixel) * Double(place % width)
            y += Double(pixel) * Double(place / width)
        }
        let left = min(max(Int((Double(side) / 2 - x / mass).rounded()), 0), side - width)
        let top = min(max(Int((Double(side) / 2 - y / mass).rounded()), 0), side - height)
        var result = [Float](repeating: 0, count: side * side)
        for (place, pixel) in pixels.enumerated() {
            result[(top + place / width) * side + left + place % width] = pixel
        }
        return PixelGrid(width: side, height: side, pixels: result)
    }
}
