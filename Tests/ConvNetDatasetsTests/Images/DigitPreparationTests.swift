import ConvNetDatasets
import SwiftConvNet
import Testing

@Suite("A digit prepared as MNIST's are")
struct DigitPreparationTests {
    /// Grey levels of the shipped sample's test digits.
    private static func digit(_ index: Int) throws -> [UInt8] {
        guard case .bytes(let images) = try MNIST.sample().test.samples else { return [] }
        return Array(images.bytes[(784 * index)..<(784 * index + 784)])
    }

    /// A digit as a picture: `scale` pixels for each of its own, on a sheet with a margin.
    private static func picture(
        of digit: [UInt8],
        scale: Int,
        left: Int = 0,
        right: Int = 0,
        top: Int = 0,
        bottom: Int = 0,
        background: Float = 0,
        ink: Float = 1,
        noise: Float = 0
    ) throws -> GrayImage {
        let (width, height) = (28 * scale + left + right, 28 * scale + top + bottom)
        var random = RandomStream(seed: 1, purpose: .user)
        let pixels = (0..<(width * height)).map { place in
            let (x, y) = (place % width - left, place / width - top)
            let inside = (0..<(28 * scale)).contains(x) && (0..<(28 * scale)).contains(y)
            let level = inside ? Float(digit[y / scale * 28 + x / scale]) / 255 : 0
            let value = background + level * (ink - background) + noise * (random.nextUniform() - 0.5)
            return min(max(value, 0), 1)
        }
        return try GrayImage(pixels, width: width, height: height)
    }

    private static func meanDifference(_ a: [UInt8], _ b: [UInt8]) -> Double {
        zip(a, b).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.count)
    }

    /// The first and last row and column with ink.
    private static func box(of digit: [UInt8]) -> (width: Int, height: Int) {
        let places = digit.indices.filter { digit[$0] > 0 }
        let (xs, ys) = (places.map { $0 % 28 }, places.map { $0 / 28 })
        return ((xs.max() ?? 0) - (xs.min() ?? 0) + 1, (ys.max() ?? 0) - (ys.min() ?? 0) + 1)
    }

    @Test("is unchanged if it is one of MNIST's")
    func unchanged() throws {
        guard case .bytes(let images) = try MNIST.sample().test.samples else { return }
        for index in 0..<1000 {
            let digit = Array(images.bytes[(784 * index)..<(784 * index + 784)])
            let pixels = digit.map { Float($0) / 255 }
            let prepared = try GrayImage(pixels, width: 28, height: 28).preparedDigit()
            // A few have 254 for their full ink.
            let difference = zip(prepared, digit).map { abs(Int($0) - Int($1)) }.max()
            #expect(difference ?? 255 <= 1, "digit \(index)")
        }
    }

    @Test("is the same light on dark and dark on light", arguments: [0, 1, 2, 5])
    func polarity(index: Int) throws {
        let digit = try Self.digit(index)
        let light = try Self.picture(of: digit, scale: 3, left: 4).preparedDigit()
        for (background, ink) in [(1, 0), (0.9, 0.3), (0.4, 0.05), (0.3, 0.8), (0, 0.1)] as [(Float, Float)] {
            let other = try Self.picture(of: digit, scale: 3, left: 4, background: background, ink: ink)
            #expect(Self.meanDifference(try other.preparedDigit(), light) < 0.5, "\(background), \(ink)")
        }
    }

    @Test("is found anywhere in a picture of any size", arguments: [3, 4, 7, 8])
    func place(index: Int) throws {
        let digit = try Self.digit(index)
        for scale in [1, 2, 5, 10] {
            let image = try Self.picture(
                of: digit,
                scale: scale,
                left: 31 * scale,
                right: 2,
                top: 0,
                bottom: 50,
                background: 1,
                ink: 0
            )
            let prepared = try image.preparedDigit()
            // Smoothing costs some sharpness, no more: unrelated digits differ by 40 and more.
            #expect(Self.meanDifference(prepared, digit) < 10, "scale \(scale)")
            let box = Self.box(of: prepared)
            #expect(max(box.width, box.height) == 20)
            #expect(prepared.max() == 255)
        }
    }

    @Test("is seen through the grain of a photograph")
    func noise() throws {
        let digit = try Self.digit(6)
        let image = try Self.picture(
            of: digit,
            scale: 8,
            left: 60,
            right: 40,
            top: 50,
            bottom: 70,
            background: 0.8,
            ink: 0.2,
            noise: 0.1
        )
        #expect(Self.meanDifference(try image.preparedDigit(), digit) < 12)
    }

    @Test("keeps its proportions, its centre of mass in the middle")
    func proportions() throws {
        // A bar of 12 × 60, and one of 60 × 12, each far from the middle.
        for (width, height) in [(12, 60), (60, 12)] {
            let pixels = (0..<(200 * 100)).map { place -> Float in
                (5..<(5 + width)).contains(place % 200) && (30..<(30 + height)).contains(place / 200) ? 0 : 1
            }
            let prepared = try GrayImage(pixels, width: 200, height: 100).preparedDigit()
            let box = Self.box(of: prepared)
            #expect(box.width == (width == 12 ? 4 : 20))
            #expect(box.height == (height == 12 ? 4 : 20))
            let mass = prepared.reduce(0.0) { $0 + Double($1) }
            let x =
                prepared.enumerated().reduce(0) { $0 + Double($1.offset % 28) * Double($1.element) } / mass
            let y =
                prepared.enumerated().reduce(0) { $0 + Double($1.offset / 28) * Double($1.element) } / mass
            #expect(abs(x - 14) <= 0.5 && abs(y - 14) <= 0.5)
        }
    }

    @Test("is whole even where its centre of mass is near its edge")
    func whole() throws {
        // A thin mast on a heavy base.
        let pixels = (0..<(40 * 40)).map { place -> Float in
            let (x, y) = (place % 40, place / 40)
            return (5..<35).contains(y) && (x == 20 || y > 30 && (5..<35).contains(x)) ? 1 : 0
        }
        let prepared = try GrayImage(pixels, width: 40, height: 40).preparedDigit()
        let box = Self.box(of: prepared)
        #expect(box.width == 20 && box.height == 20)
    }

    @Test("may be a single line, or touch the border")
    func extremes() throws {
        let line = (0..<10_000).map { place -> Float in place / 100 == 50 ? 0 : 1 }
        let prepared = try GrayImage(line, width: 100, height: 100).preparedDigit()
        #expect(Self.box(of: prepared).width == 20)
        #expect(Self.box(of: prepared).height == 1)
        let dot = try GrayImage([0, 0, 0, 0, 1, 0, 0, 0, 0], width: 3, height: 3).preparedDigit()
        #expect(Self.box(of: dot) == (20, 20))
    }

    @Test("is missed where there is none")
    func blank() throws {
        for pixels: [Float] in [[0], [1], [0.5, 0.5, 0.5, 0.5], [0.5, 0.501, 0.5, 0.5]] {
            let image = try GrayImage(pixels, width: pixels.count, height: 1)
            let error = try #require(throws: ConvNetError.self) { try image.preparedDigit() }
            #expect(error.kind == .data)
        }
    }
}
