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
        let isAffine = map.c0 == 0 && map.c1 == 0
        var pixel = output
        for row in 0..<picture.outputShape[0] {
            let y = Float(row)
            for column in 0..<columns {
                let x = Float(column)
                var place = (x: map.a0 * x + map.a1 * y + map.a2, y: map.b0 * x + map.b1 * y + map.b2)
                if !isAffine {
                    // At depth 0 the place is infinite, and so outside.
                    let depth = map.c0 * x + map.c1 * y + 1
                    place = (place.x / depth, place.y / depth)
                }
                reader.read(x: place.x, y: place.y, into: pixel)
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
        let lastX: Float, lastY: Float
        let isNearest: Bool
        let fillMode: FillMode
        let fillValue: Float

        init(_ warp: Warp, _ picture: PictureContext) {
            // A picture has at least one pixel.
            source = picture.source.baseAddress ?? UnsafePointer(picture.scratch)
            (height, width, channels) = (picture.height, picture.width, picture.channels)
            (lastX, lastY) = (Float(width - 1), Float(height - 1))
            isNearest = warp.interpolation == .nearest || picture.role == .mask
            (fillMode, fillValue) = (warp.fillMode, warp.fillValue)
        }

        @inline(__always)
        func read(x: Float, y: Float, into pixel: UnsafeMutablePointer<Float>) {
            // Most places lie between four pixels.
            if !isNearest, x >= 0, y >= 0, x < lastX, y < lastY {
                let row = Int(y), column = Int(x)
                let bottom = y - Float(row), right = x - Float(column)
                return mix(row, column, bottom, right, into: pixel)
            }
            // So far away that sums of coordinates are not exact any more, or nowhere at all.
            guard abs(x) < 0x1p24, abs(y) < 0x1p24 else { return fill(pixel) }
            readAnywhere(x: fillMode.place(x, count: width), y: fillMode.place(y, count: height), into: pixel)
        }

        /// The mean of four pixels of the picture, from one to the one below on its right.
        @inline(__always)
        private func mix(
            _ row: Int,
            _ column: Int,
            _ bottom: Float,
            _ right: Float,
            into pixel: UnsafeMutablePointer<Float>
        ) {
            let upper = source + (row * width + column) * channels
            let lower = upper + width * channels
            let top = 1 - bottom, left = 1 - right
            for channel in 0..<channels {
                let above = left * upper[channel] + right * upper[channels + channel]
                let below = left * lower[channel] + right * lower[channels + channel]
                pixel[channel] = top * above + bottom * below
            }
        }

        private func readAnywhere(x: Float, y: Float, into pixel: UnsafeMutablePointer<Float>) {
            if isNearest {
                let row = nearest(y), column = nearest(x)
                guard row >= 0, row < height, column >= 0, column < width else { return fill(pixel) }
                let found = source + (row * width + column) * channels
                for channel in 0..<channels { pixel[channel] = found[channel] }
                return
            }
            let row = floor(y), column = floor(x)
            let (top, bottom) = (Float(row) + 1 - y, y - Float(row))
            let (left, right) = (Float(column) + 1 - x, x - Float(column))
            for channel in 0..<channels {
                let above = left * value(row, column, channel) + right * value(row, column + 1, channel)
                let below =
                    left * value(row + 1, column, channel) + right * value(row + 1, column + 1, channel)
                pixel[channel] = top * above + bottom * below
            }
        }

        /// The integer below, of a coordinate that `Int` holds; `rounded(.down)` calls a function on processors of 2006.
        @inline(__always)
        private func floor(_ x: Float) -> Int {
            let whole = Int(x)
            return Float(whole) > x ? whole - 1 : whole
        }

        /// The nearest integer, of two the one away from zero.
        @inline(__always)
        private func nearest(_ x: Float) -> Int {
            let whole = Int(x), rest = x - Float(whole)
            return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole
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
