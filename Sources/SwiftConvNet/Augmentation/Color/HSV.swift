/// A colour by hue, saturation and value.
///
/// Source: the formulas of TensorFlow's `rgb_to_hsv` and `hsv_to_rgb`, which Keras' layers call.
struct HSV {
    /// In turns, 0...1.
    var hue: Float
    /// 0...1.
    var saturation: Float
    /// The greatest of red, green and blue.
    var value: Float

    init(red: Float, green: Float, blue: Float) {
        value = max(red, green, blue)
        let range = value - min(red, green, blue)
        saturation = value > 0 ? range / value : 0
        guard range > 0 else {
            hue = 0
            return
        }
        let norm = 1 / (6 * range)
        if red == value {
            hue = norm * (green - blue)
        } else if green == value {
            hue = norm * (blue - red) + 2 / 6
        } else {
            hue = norm * (red - green) + 4 / 6
        }
        if hue < 0 { hue += 1 }
    }

    /// The colour of a pixel.
    init(_ picture: UnsafeBufferPointer<Float>, _ pixel: Int) {
        self.init(red: picture[pixel], green: picture[pixel + 1], blue: picture[pixel + 2])
    }

    /// Writes red, green and blue of a pixel.
    func write(to picture: UnsafeMutableBufferPointer<Float>, _ pixel: Int) {
        let angle = hue * 6, rest = 1 - saturation
        func part(_ share: Float) -> Float { (rest + saturation * min(max(share, 0), 1)) * value }
        picture[pixel] = part(abs(angle - 3) - 1)
        picture[pixel + 1] = part(2 - abs(angle - 2))
        picture[pixel + 2] = part(2 - abs(angle - 4))
    }
}

/// How bright a pixel is, of red, green and blue, by Keras' weights.
func luminance(_ picture: UnsafeBufferPointer<Float>, _ pixel: Int) -> Float {
    0.2989 * picture[pixel] + 0.5870 * picture[pixel + 1] + 0.1140 * picture[pixel + 2]
}
