/// The windows of a time series, as Keras' `timeseries_dataset_from_array`: sample `i` is made of the steps
/// `startIndex + i * sequenceStride + k * samplingRate`, `k` in `0..<sequenceLength`.
///
/// ```swift
/// let series = try Tensor(shape: [10_000, 1]) { sin(Float($0[0]) / 20) }
/// // 48 steps to predict the next one: the target of the window that begins at step i is step i + 48.
/// let data = try TimeSeriesWindows(series, targets: series[48...], sequenceLength: 48)
/// ```
///
/// Windows are not copied: each is read out of the series when a batch needs it.
public struct TimeSeriesWindows: Dataset {
    /// The series, `[steps, …]`.
    public let series: Tensor
    /// What each window is to predict: `targets[j]` belongs to the window that begins at step `j`.
    public let targets: Targets?
    /// How many steps a window has.
    public let sequenceLength: Int
    /// How many steps after a window the next one begins.
    public let sequenceStride: Int
    /// How many steps lie between two of a window, the second one included.
    public let samplingRate: Int
    /// The first step that is used.
    public let startIndex: Int

    public let count: Int
    public let fields: [Field]
    public var hasTargetsInMemory: Bool { true }
    /// The elements of one step.
    private let stepLength: Int

    /// Windows of a series, with targets (`Labels` or `Tensor`).
    ///
    /// - Parameters:
    ///   - series: `[steps, …]`; for `Conv1D`, `[steps, channels]`.
    ///   - targets: `targets[j]` belongs to the window that begins at step `j`. As in Keras there may be fewer than steps:
    ///     windows without a target are left out.
    ///   - sequenceLength: how many steps a window has; at least 1.
    ///   - sequenceStride: how many steps after a window the next one begins; at least 1. Default: 1.
    ///   - samplingRate: every how many steps one is taken; at least 1. Default: 1, all.
    ///   - startIndex: the first step that is used. Default: 0.
    ///   - endIndex: the first step that is used no more; `nil`, the default, for the end of the series. Keras does not
    ///     take the length of the series itself.
    /// - Throws: `ConvNetError` of kind `argument` if a number is out of its range or there is no window; of kind `shape` if
    ///   series or targets have no axis of steps.
    public init(
        _ series: Tensor,
        targets: some TargetArray,
        sequenceLength: Int,
        sequenceStride: Int = 1,
        samplingRate: Int = 1,
        startIndex: Int = 0,
        endIndex: Int? = nil
    ) throws {
        try self.init(
            series,
            targets.targets,
            sequenceLength,
            sequenceStride,
            samplingRate,
            startIndex..<max(endIndex ?? series.shape.first ?? 0, startIndex)
        )
    }

    /// Windows of a series, without targets: to predict from, or for an autoencoder's layers.
    ///
    /// - Throws: as `init(_:targets:sequenceLength:sequenceStride:samplingRate:startIndex:endIndex:)`, which has the
    ///   parameters.
    public init(
        _ series: Tensor,
        sequenceLength: Int,
        sequenceStride: Int = 1,
        samplingRate: Int = 1,
        startIndex: Int = 0,
        endIndex: Int? = nil
    ) throws {
        try self.init(
            series,
            nil,
            sequenceLength,
            sequenceStride,
            samplingRate,
            startIndex..<max(endIndex ?? series.shape.first ?? 0, startIndex)
        )
    }

    private init(
        _ series: Tensor,
        _ targets: Targets?,
        _ sequenceLength: Int,
        _ sequenceStride: Int,
        _ samplingRate: Int,
        _ steps: Range<Int>
    ) throws {
        guard let stepCount = series.shape.first else {
            throw Self.noAxis("The series needs", series.shape)
        }
        if case .values(let tensor)? = targets, tensor.shape.isEmpty {
            throw Self.noAxis("Targets need", tensor.shape)
        }
        for (name, value) in [
            ("sequenceLength", sequenceLength), ("sequenceStride", sequenceStride),
            ("samplingRate", samplingRate),
        ] where value < 1 {
            throw ConvNetError(
                .argument,
                "The number must be at least 1",
                at: "TimeSeriesWindows, \(name)",
                expected: "1 or more",
                received: "\(value)"
            )
        }
        guard steps.lowerBound >= 0, steps.upperBound <= stepCount else {
            throw ConvNetError(
                .argument,
                "The steps are outside the series",
                at: "TimeSeriesWindows, startIndex and endIndex",
                expected: "0...\(stepCount)",
                received: "\(steps)"
            )
        }
        let (reach, overflows) = (sequenceLength - 1).multipliedReportingOverflow(by: samplingRate)
        let starts = overflows || reach >= steps.count ? 0 : steps.count - reach
        let withTargets = targets.map { min(starts, $0.count - steps.lowerBound) } ?? starts
        guard withTargets > 0 else {
            throw ConvNetError(
                .argument,
                "There is no window in the series",
                at: "TimeSeriesWindows",
                expected: "more than \(overflows ? Int.max : reach) steps for one window"
                    + (starts > 0 ? ", and a target" : ""),
                received: "\(steps.count) steps" + (targets.map { ", \($0.count) targets" } ?? ""),
                remedy: "Shorten sequenceLength or samplingRate, or give more steps"
            )
        }
        self.series = series
        self.targets = targets
        self.sequenceLength = sequenceLength
        self.sequenceStride = sequenceStride
        self.samplingRate = samplingRate
        startIndex = steps.lowerBound
        count = (withTargets - 1) / sequenceStride + 1
        let step = Array(series.shape.dropFirst())
        stepLength = Shape(step).elementCount
        let input = Field("input", .input, shape: Shape([sequenceLength] + step))
        fields =
            switch targets {
            case nil: [input]
            case .labels: [input, .label("target")]
            case .values(let tensor):
                [input, Field("target", .target, shape: Shape(Array(tensor.shape.dropFirst())))]
            }
    }

    private static func noAxis(_ what: String, _ shape: Shape) -> ConvNetError {
        ConvNetError(
            .shape,
            "\(what) an axis of steps",
            at: "TimeSeriesWindows",
            expected: "[steps, ...]",
            received: "\(shape)"
        )
    }

    /// How windows are taken: with the series' labels alone two of them could look the same.
    public var identity: String? {
        "TimeSeriesWindows(\(sequenceLength), stride \(sequenceStride), rate \(samplingRate), from \(startIndex))"
    }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        let start = startIndex + index * sequenceStride
        if let window = sample.values(of: 0), let places = window.baseAddress {
            series.withUnsafeBufferPointer { steps in
                guard let steps = steps.baseAddress else { return }
                if samplingRate == 1 {
                    places.update(from: steps + start * stepLength, count: window.count)
                } else {
                    for step in 0..<sequenceLength {
                        (places + step * stepLength).update(
                            from: steps + (start + step * samplingRate) * stepLength,
                            count: stepLength
                        )
                    }
                }
            }
        }
        switch targets {
        case nil: break
        case .labels(let labels): sample.label(of: 1)?.pointee = labels.values[start]
        case .values(let tensor):
            guard let values = sample.values(of: 1) else { return }
            let stride = values.count
            tensor.withUnsafeBufferPointer {
                _ = values.update(fromContentsOf: $0[(start * stride)..<((start + 1) * stride)])
            }
        }
    }
}
