/// While training, makes all values of a channel about equally frequent, by its histogram. In inference, passes everything.
///
/// Input and output, without the batch axis: `[height, width, channels]`. A channel of one value, and masks, stay as they are.
///
/// ```swift
/// Equalization(valueRange: 0...1)
/// ```
public struct Equalization: ImageTransform, Hashable {
    /// `Equalization`.
    public static let kind = "Equalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The range of the pictures' values.
    public let valueRange: ClosedRange<Float>
    /// The number of bins of the histogram.
    public let bins: Int

    /// A layer that equalizes histograms; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - valueRange: the range of the pictures' values. Default 0...255.
    ///   - bins: the number of bins of the histogram, in 2...65536. Default 256.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        valueRange: ClosedRange<Float> = 0...255,
        bins: Int = 256,
        name: String? = nil
    ) {
        self.valueRange = valueRange
        self.bins = bins
        self.name = name
    }

    /// - Throws: `ConvNetError` of kind `argument` if a setting is out of its range.
    public func outputShape(for picture: Shape) throws -> Shape {
        try requireValueRange(valueRange)
        guard (2...65536).contains(bins) else {
            throw ConvNetError(
                .argument,
                "A histogram has bins",
                at: "bins",
                expected: "2...65536",
                received: "\(bins)"
            )
        }
        return picture
    }

    /// The histogram, and what becomes of the values of a bin.
    public func scratchCount(for picture: Shape) -> Int { bins }

    /// Nothing is random.
    public func draw(_ random: inout RandomStream, for picture: Shape) {}

    public func apply(_ parameters: Void, to picture: PictureContext) {
        picture.copy()
        guard picture.role == .picture else { return }
        let channels = picture.channels, count = picture.source.count
        let low = valueRange.lowerBound, width = valueRange.width
        let table = picture.scratch
        for channel in 0..<channels {
            // Counts below 2^24 are exact in single precision, and pictures are smaller.
            table.update(repeating: 0, count: bins)
            for place in stride(from: channel, to: count, by: channels) {
                let value = (picture.source[place] - low) / width * 255
                table[bin(of: value * Float(bins - 1) / 255, among: bins)] += 1
            }
            guard (0..<bins).count(where: { table[$0] > 0 }) > 1 else { continue }
            var sum = 0.0, first = 0.0
            for bin in 0..<bins {
                sum += Double(table[bin])
                if first == 0 { first = sum }
                table[bin] = Float(sum)
            }
            for bin in 0..<bins {
                let share = (Double(table[bin]) - first) * 255 / (sum - first)
                table[bin] = Float(min(max(share.rounded(.toNearestOrEven), 0), 255))
            }
            for place in stride(from: channel, to: count, by: channels) {
                let value = (picture.source[place] - low) / width * 255
                picture.output[place] =
                    table[bin(of: value / 255 * Float(bins - 1), among: bins)] / 255 * width + low
            }
        }
    }

}
