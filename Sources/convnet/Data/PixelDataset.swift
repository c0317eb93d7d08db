import SwiftConvNet

/// A dataset of pictures whose pixels are shifted, divided, and put in the order of axes that a model takes.
struct PixelDataset: Dataset {
    private let base: any Dataset
    private let input: Int
    private let channels: Int
    private let isChannelsFirst: Bool
    /// `value * factor + offset`, by channel.
    private let factors: [Float]
    private let offsets: [Float]

    let fields: [Field]
    var count: Int { base.count }
    var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    var readsAhead: Int { base.readsAhead }
    var classNames: [String]? { base.classNames }
    var identity: String? { "\(base.identity ?? "") \(factors) \(offsets) \(isChannelsFirst)" }

    /// - Parameters:
    ///   - base: its input is `[height, width, channels]`.
    ///   - scale: what pixels are multiplied with, before mean and deviation of the options.
    ///   - form: what the model takes.
    ///   - isRow: whether it takes the numbers of that form along one axis.
    /// - Throws: `ConvNetError` of kind `argument` for another number of means or deviations than channels.
    init(
        _ base: any Dataset,
        scale: Float,
        _ options: PixelOptions,
        _ form: PixelForm,
        isRow: Bool = false
    ) throws {
        let channels = form.channels
        let mean = try options.mean?.values(forChannels: channels, of: "--mean")
        let std = try options.std?.values(forChannels: channels, of: "--std")
        let deviations = std ?? Array(repeating: 1, count: channels)
        factors = deviations.map { scale / $0 }
        offsets = zip(mean ?? Array(repeating: 0, count: channels), deviations).map { -$0 / $1 }
        isChannelsFirst = form.isChannelsFirst && channels > 1
        let input = base.fields.firstIndex { $0.role == .input } ?? 0
        self.base = base
        self.input = input
        self.channels = channels
        fields = base.fields.enumerated().map { place, field in
            if place == input, isRow { return Field(field.name, .input, shape: [field.shape.elementCount]) }
            guard place == input, form.isChannelsFirst, field.shape.rank == 3 else { return field }
            return Field(field.name, .input, shape: [field.shape[2], field.shape[0], field.shape[1]])
        }
    }

    func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        try base.read(index, in: reading, into: sample)
        guard let values = sample.values(of: input) else { return }
        if isChannelsFirst { Self.moveChannelsFirst(values, channels: channels) }
        let plane = values.count / max(channels, 1)
        for place in values.indices {
            let channel = isChannelsFirst ? place / max(plane, 1) : place % channels
            values[place] = values[place] * factors[channel] + offsets[channel]
        }
    }

    /// `[height, width, channels]` as `[channels, height, width]`.
    private static func moveChannelsFirst(_ values: UnsafeMutableBufferPointer<Float>, channels: Int) {
        let plane = values.count / channels
        withUnsafeTemporaryAllocation(of: Float.self, capacity: values.count) { copy in
            _ = copy.initialize(from: values)
            for place in 0..<plane {
                for channel in 0..<channels {
                    values[channel * plane + place] = copy[place * channels + channel]
                }
            }
        }
    }
}
