import SwiftConvNet

/// How a camera was held: which way up the rows of a JPEG file are (EXIF 2.3, tag 0x0112).
struct Orientation: Hashable, Sendable {
    /// 1...8; 1 is upright.
    let value: Int

    init(_ value: Int) { self.value = (1...8).contains(value) ? value : 1 }

    /// The orientation that the EXIF data of a JPEG file name; upright if there are none, or they are broken.
    init(ofJPEG bytes: [UInt8]) {
        self.init(Self.find(in: bytes) ?? 1)
    }

    /// Whether rows become columns.
    var swapsSides: Bool { value >= 5 }

    /// The picture the right way up.
    ///
    /// - Parameter name: what errors call it.
    func applied(to picture: Picture, name: String) throws -> Picture {
        guard value > 1 else { return picture }
        let (height, width, channels) = (picture.height, picture.width, picture.channels)
        // Where the first pixel of the result is, and how far the next one of its row and of its column is.
        let last = (x: width - 1, y: (height - 1) * width)
        let (start, right, down): (Int, Int, Int) =
            switch value {
            case 2: (last.x, -1, width)
            case 3: (last.y + last.x, -1, -width)
            case 4: (last.y, 1, -width)
            case 5: (0, width, 1)
            case 6: (last.y, -width, 1)
            case 7: (last.y + last.x, -width, -1)
            default: (last.x, width, -1)
            }
        let sides = swapsSides ? (height: width, width: height) : (height: height, width: width)
        let pixels = try Picture.bytes(picture.pixels.count, for: name) { target in
            picture.pixels.withUnsafeBufferPointer { source in
                var place = 0
                for y in 0..<sides.height {
                    var from = (start + y * down) * channels
                    for _ in 0..<sides.width {
                        for channel in 0..<channels { target[place + channel] = source[from + channel] }
                        place += channels
                        from += right * channels
                    }
                }
            }
        }
        return Picture(checked: pixels, height: sides.height, width: sides.width, channels: channels)
    }

    /// Walks through the segments in front of the pixels (ITU-T T.81, B.1.1) to the first APP1 that holds EXIF data.
    private static func find(in bytes: [UInt8]) -> Int? {
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if marker == 0xFF {
                place += 1
                continue
            }
            // The pixels, or the end.
            if marker == 0xDA || marker == 0xD9 { return nil }
            let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            let end = place + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            let segment = bytes[(place + 4)..<end]
            if marker == 0xE1, segment.starts(with: Array("Exif\0\0".utf8)) {
                return orientation(inTIFF: segment.dropFirst(6))
            }
            place = end
        }
        return nil
    }

    /// The entry of the first directory of TIFF data (TIFF 6.0, section 2).
    private static func orientation(inTIFF data: ArraySlice<UInt8>) -> Int? {
        let isLittle = data.starts(with: Array("II".utf8))
        guard isLittle || data.starts(with: Array("MM".utf8)) else { return nil }
        func number(_ place: Int, _ size: Int) -> Int? {
            guard place >= 0, place + size <= data.count else { return nil }
            let part = data[(data.startIndex + place)..<(data.startIndex + place + size)]
            return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else {
            return nil
        }
        for entry in 0..<count {
            let place = directory + 2 + 12 * entry
            guard let tag = number(place, 2) else { return nil }
            // A number of 16 bits stands in the first two of the four bytes of the value.
            if tag == 0x0112 { return number(place + 8, 2) }
        }
        return nil
    }
}
