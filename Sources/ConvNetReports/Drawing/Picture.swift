/// A finished drawing with its size, and with what it says to those who do not see it.
package struct Picture: Sendable {
    package var canvas: Canvas
    package var width: Double
    package var height: Double
    package var title: String
    package var description: String

    package init(canvas: Canvas, width: Double, height: Double, title: String, description: String) {
        self.canvas = canvas
        self.width = width
        self.height = height
        self.title = title
        self.description = description
    }

    /// The picture as an SVG document.
    package var svg: String { SVGDocument(self).text }

    /// The picture as a PNG file.
    ///
    /// - Parameter scale: pixels for each unit of the drawing, brought within 0.25...8.
    package func png(scale: Double) -> [UInt8] {
        var raster = Raster(
            width: width,
            height: height,
            scale: min(max(scale, 0.25), 8),
            canvas.color(.background)
        )
        raster.draw(canvas)
        return raster.png
    }
}
