/// Brings values to another range: `y = x · scale + offset`.
///
/// Input and output: any shape. Scale and offset are one number for all values, or one for each index of the last axis.
///
/// ```swift
/// Rescaling(scale: 1 / 127.5, offset: -1)                          // 0...255 to -1...1
/// Rescaling(scale: [1 / 58.4, 1 / 57.1, 1 / 57.4], offset: [0])    // a factor for each channel
/// ```
public struct Rescaling: Layer, Hashable {
    /// `Rescaling`.
    public static let kind = "Rescaling"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// What values are multiplied with: one number, or one for each index of the last axis.
    public let scale: [Float]
    /// What is added after: one number, or one for each index of the last axis.
    public let offset: [Float]

    /// A layer that multiplies and adds, by the same numbers everywhere.
    ///
    /// - Parameters:
    ///   - scale: what values are multiplied with, a finite number.
    ///   - offset: what is added after, a finite number. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(scale: Float, offset: Float = 0, name: String? = nil) {
        self.init(scale: [scale], offset: [offset], name: name)
    }

    /// A layer that multiplies and adds, by numbers for each index of the last axis.
    ///
    /// - Parameters:
    ///   - scale: what values are multiplied with: finite numbers, one for all or one for each channel.
    ///   - offset: what is added after: finite numbers, one for all or one for each channel. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(scale: [Float], offset: [Float] = [0], name: String? = nil) {
        self.scale = scale
        self.offset = offset
        self.name = name
    }

    /// Emits an `Affine`, or a `ScaleChannels`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if scale or offset is not finite, or there is not a number for each channel.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard (scale + offset).allSatisfy(\.isFinite) else {
            throw ConvNetError(
                .argument,
                "Scale and offset must be numbers",
                at: "scale, offset",
                expected: "finite numbers",
                received: "\(text(scale)), \(text(offset))"
            )
        }
        let channels = x.shape.last ?? 1
        guard [scale, offset].allSatisfy({ $0.count == 1 || $0.count == channels }) else {
            throw ConvNetError(
                .argument,
                "There is not a number for each channel",
                at: "scale, offset",
                expected: "one number, or \(channels), for \(x.shape)",
                received: "\(scale.count) and \(offset.count)"
            )
        }
        guard scale.count > 1 || offset.count > 1 else {
            return try lowering.emit(Affine(scale: scale[0], offset: offset[0]), x)
        }
        func forEachChannel(_ numbers: [Float]) -> [Float] {
            numbers.count == channels ? numbers : Array(repeating: numbers[0], count: channels)
        }
        let op = ScaleChannels(scale: forEachChannel(scale), offset: forEachChannel(offset))
        return try lowering.emit(op, x)
    }

    private func text(_ numbers: [Float]) -> String { numbers.count == 1 ? "\(numbers[0])" : "\(numbers)" }
}

extension Rescaling {
    private enum CodingKeys: CodingKey { case name, scale, offset }

    /// Reads a saved layer: a number, or a list of them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func numbers(_ key: CodingKeys) throws -> [Float] {
            if let number = try? container.decode(Float.self, forKey: key) { return [number] }
            return try container.decode([Float].self, forKey: key)
        }
        self.init(
            scale: try numbers(.scale),
            offset: try numbers(.offset),
            name: try container.decodeIfPresent(String.self, forKey: .name)
        )
    }

    /// Writes the layer: one number as a number, as it always was.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name, forKey: .name)
        for (key, numbers) in [(CodingKeys.scale, scale), (.offset, offset)] {
            if numbers.count == 1 {
                try container.encode(numbers[0], forKey: key)
            } else {
                try container.encode(numbers, forKey: key)
            }
        }
    }
}
