import ArgumentParser
import SwiftConvNet

/// Numbers for the channels of a picture: `0.485,0.456,0.406`, or one for all.
struct ChannelNumbers: ExpressibleByArgument, Sendable {
    let values: [Float]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(Float.init)
        let values = parts.compactMap { $0 }
        guard !values.isEmpty, values.count == parts.count, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
    }

    /// - Throws: `ConvNetError` of kind `argument` if there are neither one nor as many as channels.
    func values(forChannels count: Int, of option: String) throws -> [Float] {
        if values.count == count { return values }
        guard values.count == 1 else {
            throw ConvNetError(
                .argument,
                "There must be a number for each channel",
                at: option,
                expected: "1 or \(count) numbers",
                received: "\(values.count)"
            )
        }
        return Array(repeating: values[0], count: count)
    }
}

/// A height and a width: `224x224`, or `224`.
struct PictureSize: ExpressibleByArgument, Sendable, Equatable {
    let height: Int
    let width: Int

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard (1...2).contains(parts.count), let height = parts[0], let width = parts[parts.count - 1],
            (1...100_000).contains(height), (1...100_000).contains(width)
        else { return nil }
        self.height = height
        self.width = width
    }
}

/// Options that say what becomes of pixels before they enter a model.
struct PixelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What values are multiplied with. (default: 1/255 for the pixels of pictures and of known datasets, which are 0...255; arrays \
            are taken as they are)
            """,
            valueName: "number"
        )
    )
    var scale: Float?

    @Option(
        help: ArgumentHelp(
            "What is then subtracted, one number or one for each channel: 0.485,0.456,0.406.",
            valueName: "numbers"
        )
    )
    var mean: ChannelNumbers?

    @Option(
        help: ArgumentHelp(
            "What pixels are then divided by, likewise: 0.229,0.224,0.225.",
            valueName: "numbers"
        )
    )
    var std: ChannelNumbers?

    @Option(
        help: ArgumentHelp("The size that pictures get. (default: the model's)", valueName: "heightxwidth")
    )
    var imageSize: PictureSize?

    func validate() throws {
        if let scale, !scale.isFinite || scale == 0 {
            throw ValidationError("--scale must be a finite number, and not 0.")
        }
        if std?.values.contains(0) == true { throw ValidationError("--std must not be 0.") }
    }

    /// The scale of what is 0...255.
    var pixelScale: Float { scale ?? 1 / 255 }
}
