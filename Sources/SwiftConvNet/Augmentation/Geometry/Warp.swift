/// How a picture is read at places between its pixels and beyond its edges.
struct Warp {
    let interpolation: Interpolation
    let fillMode: FillMode
    let fillValue: Float

    /// - Throws: `ConvNetError` of kind `argument` if pictures cannot be read so.
    func validate() throws {
        guard interpolation == .nearest || interpolation == .bilinear else {
            throw ConvNetError(
                .argument,
                "Pictures are not moved by this interpolation",
                at: "interpolation",
                expected: ".nearest or .bilinear",
                received: ".\(interpolation.rawValue)"
            )
        }
        try requireFinite(fillValue, as: "fillValue")
    }

    /// Moves a picture: each pixel of the output is the one to which the map sends it. Masks are read at the nearest pixel.
    func run(_ map: Projection, _ picture: PictureContext) {
        guard let output = picture.output.baseAddress else { return }
        let reader = Reader(self, picture)
        let columns = picture.outputShape[1], channels = picture.channels
        var pixel = output
        for row in 0..<picture.outputShape[0] {
            let y = Float(row)
            for column in 0..<columns {
                let x = Float(column)
                let depth = map.c0 * x + map.c1 * y + 1
                let place = (map.a0 * x + map.a1 * y + map.a2, map.b0 * x + map.b1 * y + map.b2)
                if depth == 1 {
                    reader.read(x: place.0, y: place.1, into: pixel)
                } else {
                    // At depth 0 the place is infinite, and so outside.
                    reader.read(x: place.0 / depth, y: place.1 / depth, into: pixel)
                }
                pixel += channels
            }
        }
    }

    /// Makes a picture as large as the output, of which each pixel stands for a part of the same size.
    ///
    /// - Parameters:
    ///   - top, left: the first row and column of the part of the picture that is read.
    ///   - height, width: its size.
    func resize(_ picture: PictureContext, top: Int, left: Int, height: Int, width: Int) {
        guard let output = picture.output.baseAddress else { return }
        let reader = Reader(self, picture)
        let rows = picture.outputShape[0], columns = picture.outputShape[1], channels = picture.channels
        let isNearest = interpolation == .nearest || picture.role == .mask
        let scale = (y: Float(height) / Float(rows), x: Float(width) / Float(columns))
        @inline(__always) func place(_ index: Int, _ scale: Float, _ count: Int) -> Float {
            let center = (Float(index) + 0.5) * scale
            let coordinate = isNearest ? center.rounded(.down) : center - 0.5
            return min(max(coordinate, 0), Float(count - 1))
        }
        var pixel = output
        for row in 0..<rows {
            let y = Float(top) + place(row, scale.y, height)
            for column in 0..<columns {
                reader.read(x: Float(left) + place(column, scale.x, width), y: y, into: pixel)
                pixel += channels
            }
        }
    }

    /// A picture, to be read at any place.
    private struct Reader {
        let source: UnsafePointer<Float>
        let height: Int, width: Int, channels: Int
        let isNearest: Bool
        let fillMode: FillMode
        let fillValue: Float

        init(_ warp: Warp, _ picture: PictureContext) {
            // A picture has at least one pixel.
            source = picture.source.baseAddress ?? UnsafePointer(picture.scratch)
            (height, width, channels) = (picture.height, picture.width, picture.channels)
            isNearest = warp.interpolation == .nearest || picture.role == .mask
            (fillMode, fillValue) = (warp.fillMode, warp.fillValue)
        }

        @inline(__always)
        func read(x: Float, y: Float, into pixel: UnsafeMutablePointer<Float>) {
            // So far away that sums of coordinates are not exact any more, or nowhere at all.
            guard abs(x) < 0x1p24, abs(y) < 0x1p24 else { return fill(pixel) }
            let x = fillMode.place(x, count: width), y = fillMode.place(y, count: height)
            if isNearest {
                let row = Int(y.rounded()), column = Int(x.rounded())
                guard row >= 0, row < height, column >= 0, column < width else { return fill(pixel) }
                let found = source + (row * width + column) * channels
                for channel in 0..<channels { pixel[channel] = found[channel] }
                return
            }
            let yFloor = y.rounded(.down), xFloor = x.rounded(.down)
            let row = Int(yFloor), column = Int(xFloor)
            let (top, bottom) = (yFloor + 1 - y, y - yFloor), (left, right) = (xFloor + 1 - x, x - xFloor)
            if row >= 0, row + 1 < height, column >= 0, column + 1 < width {
                let upper = source + (row * width + column) * channels
                let lower = upper + width * channels
                for channel in 0..<channels {
                    let above = left * upper[channel] + right * upper[channels + channel]
                    let below = left * lower[channel] + right * lower[channels + channel]
                    pixel[channel] = top * above + bottom * below
                }
                return
            }
            for channel in 0..<channels {
                let above = left * value(row, column, channel) + right * value(row, column + 1, channel)
                let below =
                    left * value(row + 1, column, channel) + right * value(row + 1, column + 1, channel)
                pixel[channel] = top * above + bottom * below
            }
        }

        @inline(__always)
        private func fill(_ pixel: UnsafeMutablePointer<Float>) {
            for channel in 0..<channels { pixel[channel] = fillValue }
        }

        private func value(_ row: Int, _ column: Int, _ channel: Int) -> Float {
            guard row >= 0, row < height, column >= 0, column < width else { return fillValue }
            return source[(row * width + column) * channels + channel]
        }
    }
}
