import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// The windows of Keras: `Tests/Goldens/data.py`.
private struct WindowGoldens: Decodable, Sendable {
    struct Case: Decodable, Sendable {
        struct Arguments: Decodable, Sendable {
            let sequence_length: Int
            let sequence_stride: Int?
            let sampling_rate: Int?
            let start_index: Int?
            let end_index: Int?
        }

        let series: [Int]
        let arguments: Arguments
        let count: Int
        let windows: GoldenTensor
        let targets: GoldenTensor?
        let window_targets: GoldenTensor?
    }

    let windows: [Case]
}

@Suite("Windows of time series")
struct TimeSeriesWindowsTests {
    private func series(_ shape: Shape) throws -> Tensor {
        try Tensor((0..<shape.elementCount).map(Float.init), shape: shape)
    }

    /// All samples of a field, stacked.
    private func all(_ data: some Dataset, field: Int = 0) throws -> Tensor {
        try Tensor(
            stacking: (0..<data.count).map { index in
                try Tensor(shape: data.fields[field].shape) {
                    try data.readValues(field, of: index, into: $0)
                }
            }
        )
    }

    @Test("They are those of Keras, with targets and without")
    func golden() throws {
        let goldens: WindowGoldens = try Golden.read("data")
        #expect(goldens.windows.count >= 13)
        for golden in goldens.windows {
            let series = try series(Shape(golden.series)), arguments = golden.arguments
            let data: TimeSeriesWindows =
                if let targets = golden.targets {
                    try TimeSeriesWindows(
                        series,
                        targets: targets.tensor(),
                        sequenceLength: arguments.sequence_length,
                        sequenceStride: arguments.sequence_stride ?? 1,
                        samplingRate: arguments.sampling_rate ?? 1,
                        startIndex: arguments.start_index ?? 0,
                        endIndex: arguments.end_index
                    )
                } else {
                    try TimeSeriesWindows(
                        series,
                        sequenceLength: arguments.sequence_length,
                        sequenceStride: arguments.sequence_stride ?? 1,
                        samplingRate: arguments.sampling_rate ?? 1,
                        startIndex: arguments.start_index ?? 0,
                        endIndex: arguments.end_index
                    )
                }
            #expect(data.count == golden.count, "\(arguments)")
            #expect(try all(data) == golden.windows.tensor(), "\(arguments)")
            if let targets = golden.window_targets { #expect(try all(data, field: 1) == targets.tensor()) }
        }
    }

    @Test("Labels go with the step at which a window begins")
    func labels() throws {
        let data = try TimeSeriesWindows(
            series([10, 1]),
            targets: Labels((0..<10).map { Int32($0 * $0) }),
            sequenceLength: 3,
            sequenceStride: 2,
            startIndex: 1
        )
        #expect(data.count == 4)
        #expect(try (0..<4).map { try data.label(1, of: $0) } == [1, 9, 25, 49])
    }

    @Test("The end of the series is an end like any other")
    func end() throws {
        #expect(try TimeSeriesWindows(series([6]), sequenceLength: 2, endIndex: 6).count == 5)
        #expect(try TimeSeriesWindows(series([6]), sequenceLength: 6, sequenceStride: .max).count == 1)
    }

    @Test("Numbers out of their range, and a series without a window, are errors")
    func refused() throws {
        let series = try series([6, 2])
        for (length, stride, rate, start, end) in [
            (0, 1, 1, 0, 6), (1, 0, 1, 0, 6), (1, 1, 0, 0, 6), (7, 1, 1, 0, 6), (3, 1, 3, 0, 6),
            (2, 1, 1, 5, 6),
            (1, 1, 1, -1, 6), (1, 1, 1, 0, 7), (1, 1, 1, 4, 4), (1, 1, 1, 4, 3), (.max, 1, .max, 0, 6),
            (2, 1, .max, 0, 6),
            (1, 1, 1, 7, 9), (-1, 1, 1, 0, 6),
        ] {
            let error = #expect(throws: ConvNetError.self) {
                try TimeSeriesWindows(
                    series,
                    sequenceLength: length,
                    sequenceStride: stride,
                    samplingRate: rate,
                    startIndex: start,
                    endIndex: end
                )
            }
            #expect(error?.kind == .argument)
        }
        #expect(throws: ConvNetError.self) {
            try TimeSeriesWindows(Tensor([1], shape: []), sequenceLength: 1)
        }
        #expect(throws: ConvNetError.self) {
            try TimeSeriesWindows(series, targets: [] as Labels, sequenceLength: 1)
        }
        #expect(throws: ConvNetError.self) {
            try TimeSeriesWindows(series, targets: Tensor([1], shape: []), sequenceLength: 1)
        }
        #expect(throws: ConvNetError.self) {
            try TimeSeriesWindows(series, targets: [1, 2] as Labels, sequenceLength: 1, startIndex: 2)
        }
    }

    @Test("A small Conv1D forecasts better than the last value does")
    func forecast() throws {
        // Two waves and some noise; the last value is off by the slope of the waves.
        var random = RandomStream(seed: 5, purpose: .user)
        let steps = (0..<1500).map { step -> Double in
            let waves = sin(Double(step) / 4) + 0.5 * sin(Double(step) / 1.7)
            return waves + 0.1 * (Double(random.nextUniform()) - 0.5)
        }
        let series = try Tensor(steps.map(Float.init), shape: [steps.count, 1])
        let length = 24
        func windows(_ range: Range<Int>) throws -> TimeSeriesWindows {
            try TimeSeriesWindows(
                series,
                targets: series[length...],
                sequenceLength: length,
                startIndex: range.lowerBound,
                endIndex: range.upperBound
            )
        }
        let train = try windows(0..<1200), test = try windows(1200..<1476)
        let model = try Sequential(inputShape: [length, 1], seed: 1) {
            Conv1D(filters: 16, kernelSize: 5, activation: .relu)
            Conv1D(filters: 16, kernelSize: 5, strides: 2, activation: .relu)
            Flatten()
            Dense(units: 1)
        }
        try model.compile(optimizer: .adam(learningRate: 3e-3), loss: .mse())
        try model.fit(train, batchSize: 32, epochs: 8, verbose: .silent)
        let loss = try #require(model.evaluate(test).loss)
        var naive = 0.0
        for index in 0..<test.count {
            let last = steps[1200 + index + length - 1], next = steps[1200 + index + length]
            naive += (next - last) * (next - last)
        }
        naive /= Double(test.count)
        // The noise alone has a variance of 0.1 * 0.1 / 12, or 0.0008.
        #expect(loss < 0.25 * naive, "\(loss), and \(naive) by the last value")
    }
}
