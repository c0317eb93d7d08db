import CKernels
import SwiftConvNet

/// The pixels of a picture, eight bits for each value.
///
/// ```swift
/// let photo = try Picture(contentsOf: "cat.png", colorMode: .rgb)
/// let input = try photo.tensor                       // [height, width, 3], 0...255
/// try photo.save(to: "copy.png")
/// ```
///
/// PNG and JPEG files need the package's trait `Images`; BMP and Netpbm files (PBM, PGM, PPM) are read without it.
public struct Picture: Sendable, Hashable {
    /// The number of rows.
    public let height: Int
    /// The number of pixels in a row.
    public let width: Int
    /// 1 for grey, 3 for red, green and blue, 4 for these and alpha.
    public let channels: Int
    /// The values `[height, width, channels]`, row by row from the top, the channels of a pixel side by side; 0 is black.
    public let pixels: [UInt8]

    /// A picture from its values.
    ///
    /// - Parameters:
    ///   - pixels: the values `[height, width, channels]`, row by row from the top.
    ///   - height: the number of rows, at least 1.
    ///   - width: the number of pixels in a row, at least 1.
    ///   - channels: 1, 3 or 4.
    /// - Throws: `ConvNetError` of kind `shape` if the values do not fill the picture, or it cannot have the channels.
    public init(_ pixels: [UInt8], height: Int, width: Int, channels: Int) throws {
        let count = height.multipliedReportingOverflow(by: width)
        let all = count.partialValue.multipliedReportingOverflow(by: channels)
        guard height > 0, width > 0, [1, 3, 4].contains(channels), !count.overflow, !all.overflow,
            all.partialValue == pixels.count
        else {
            throw ConvNetError(
                .shape,
                "The values are no picture",
                at: "Picture",
                expected: "height * width * channels values, of 1, 3 or 4 channels",
                received: "\(pixels.count) values, \(height) * \(width) * \(channels)"
            )
        }
        self.init(checked: pixels, height: height, width: width, channels: channels)
    }

    /// A picture whose values are known to fill it.
    init(checked pixels: [UInt8], height: Int, width: Int, channels: Int) {
        self.pixels = pixels
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// The values as numbers `[height, width, channels]` in 0...255.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    public var tensor: Tensor {
        get throws {
            try Tensor(shape: [height, width, channels]) { destination in
                guard let target = destination.baseAddress else { return }
                pixels.withUnsafeBufferPointer {
                    if let source = $0.baseAddress { ck_normalize_u8(source, target, $0.count, 1, 0) }
                }
            }
        }
    }

    /// The picture with other channels.
    ///
    /// - Parameter name: what errors call it.
    func converted(to mode: ColorMode, name: String) throws -> Picture {
        let count = height * width
        guard mode.channels != channels else { return self }
        let converted = try Self.bytes(count * mode.channels, for: name) { target in
            pixels.withUnsafeBufferPointer { source in
                for pixel in 0..<count {
                    let from = pixel * channels, to = pixel * mode.channels
                    switch mode {
                    case .grayscale:
                        target[to] = Self.luma(source[from], source[from + 1], source[from + 2])
                    case .rgb, .rgba:
                        for channel in 0..<3 {
                            target[to + channel] = source[channels == 1 ? from : from + channel]
                        }
                        if mode == .rgba { target[to + 3] = 255 }
                    }
                }
            }
        }
        return Picture(checked: converted, height: height, width: width, channels: mode.channels)
    }

    /// The brightness of a colour: ITU-R BT.601, as libpng computes it (`png_do_rgb_to_gray`), in units of 2^-15.
    static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let sum: Int = 9798 * Int(red) + 19235 * Int(green) + 3735 * Int(blue)
        return UInt8(truncatingIfNeeded: sum >> 15)
    }

    /// Bytes in memory that has been asked for, which `fill` sets all.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory; what `fill` throws.
    static func bytes(
        _ count: Int,
        for role: String,
        _ fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void
    ) throws -> [UInt8] {
        try MemoryCheck.require(count, for: role)
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            filled = count
        }
    }
}
