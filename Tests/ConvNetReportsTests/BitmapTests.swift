import ConvNetReports
import SwiftConvNet
import Testing

@Suite struct BitmapTests {
    @Test func checksumIsTheOneOfPNG() {
        // The check value of CRC-32.
        #expect(PNGFile.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(PNGFile.crc32([]) == 0)
    }

    @Test(
        "The PNG decodes to the same bytes",
        arguments: [
            (28, 28, 1), (1, 1, 1), (5, 3, 3), (300, 300, 1), (200, 150, 3), (65534, 1, 1), (4096, 16, 1),
        ]
    )
    func decodes(width: Int, height: Int, channels: Int) throws {
        guard width <= Bitmap.largestSide else {
            #expect(throws: ConvNetError.self) { try Bitmap([], width: width, height: height) }
            return
        }
        let bytes = (0..<(width * height * channels)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 7) }
        let image = try Bitmap(bytes, width: width, height: height, channels: channels)
        let decoded = try StoredPNG(image.png)
        #expect(decoded.width == width && decoded.height == height && decoded.channels == channels)
        #expect(decoded.bytes == bytes)
    }

    @Test func aDigitIsSmall() throws {
        let image = try Bitmap([UInt8](repeating: 7, count: 784), width: 28, height: 28)
        #expect(image.dataURI.utf8.count < 1300)
    }

    @Test func valuesAreCutOff() throws {
        let image = try Bitmap(
            unitValues: [0, 1, 0.5, -3, 7, .nan, .infinity, -.infinity],
            width: 4,
            height: 2
        )
        #expect(image.bytes == [0, 255, 128, 0, 255, 0, 255, 0])
    }

    @Test func tensorsBecomeImages() throws {
        let tensor = try Tensor(shape: [2, 3, 4, 1]) { $0[0] == 0 ? 0 : 1 }
        let images = try Bitmap.images(tensor)
        #expect(images.map(\.width) == [4, 4] && images.map(\.height) == [3, 3])
        #expect(images[0].bytes == [UInt8](repeating: 0, count: 12))
        #expect(images[1].bytes == [UInt8](repeating: 255, count: 12))
        #expect(try Bitmap(Tensor(zeros: [2, 5])).width == 5)
        #expect(try Bitmap(Tensor(zeros: [2, 5, 3])).channels == 3)

        let samples = try ByteTensor((0..<12).map { UInt8($0) }, shape: [3, 2, 2])
        #expect(try Bitmap.images(samples, at: [2, 0]).map(\.bytes) == [[8, 9, 10, 11], [0, 1, 2, 3]])
        #expect(throws: ConvNetError.self) { try Bitmap.images(samples, at: [3]) }
        #expect(throws: ConvNetError.self) { try Bitmap.images(samples, at: [-1]) }
    }

    @Test(
        "Sizes that do not fit are errors",
        arguments: [
            (0, 1, 1), (-1, -4, 1), (2, 2, 2), (3, 2, 1), (2, 2, 0), (Int.max, Int.max, 1), (4097, 1, 1),
        ]
    )
    func wrongSizes(width: Int, height: Int, channels: Int) {
        #expect { try Bitmap([1, 2, 3, 4], width: width, height: height, channels: channels) } throws: {
            ($0 as? ConvNetError)?.kind == .shape
        }
        #expect {
            try Bitmap(unitValues: [1, 2, 3, 4], width: width, height: height, channels: channels)
        } throws: {
            ($0 as? ConvNetError)?.kind == .shape
        }
    }

    @Test func wrongTensors() throws {
        for shape: Shape in [[], [4], [0, 0], [2, 2, 2], [1, 2, 2, 1]] {
            let tensor = try Tensor(zeros: shape)
            #expect(throws: ConvNetError.self, "\(shape)") { try Bitmap(tensor) }
        }
        #expect(throws: ConvNetError.self) { try Bitmap.images(Tensor(zeros: [5])) }
        #expect(try Bitmap.images(Tensor(zeros: [0, 28, 28])).isEmpty)
    }

    @Test func resizingTakesMeansOfAreas() throws {
        let image = try Bitmap([0, 100, 200, 100, 0, 100, 200, 100], width: 4, height: 2)
        #expect(image.resized(width: 2, height: 1).bytes == [50, 150])
        #expect(image.resized(width: 1, height: 1).bytes == [100])
        #expect(image.resized(width: 8, height: 2).bytes.prefix(8) == [0, 0, 100, 100, 200, 200, 100, 100])
        #expect(try Bitmap([0, 90, 30], width: 3, height: 1).resized(width: 2, height: 1).bytes == [30, 50])
        #expect(image.resized(width: 0, height: -1).bytes.count == 1)
    }
}
