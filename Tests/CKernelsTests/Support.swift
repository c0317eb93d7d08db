import CKernels
import Testing

/// All tests of this target.
@Suite("Vector kernels")
struct Kernels {}

/// Lengths around the widths of vectors and blocks.
let lengths = [0, 1, 3, 7, 8, 15, 16, 17, 31, 33, 1000]
let channelCounts = [1, 3, 5, 8, 32, 33]

/// Runs `body` once at each level that this processor has, and puts the thread's level back.
func atEveryLevel(_ body: () throws -> Void) rethrows {
    let before = ck_current_level()
    defer { _ = ck_set_level(before) }
    for raw in 0...ck_supported_level().rawValue {
        let level = ck_level(rawValue: raw)
        #expect(ck_set_level(level) == level)
        try body()
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
struct Numbers {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -2...2) -> [Float] {
        (0..<count).map { _ in
            range.lowerBound + (range.upperBound - range.lowerBound) * Float(next() >> 40) / Float(1 << 24)
        }
    }
}

/// Expects |actual - expected| <= absolute + relative * |expected|, NaN where NaN is expected, and the exact
/// infinity where infinity is. Reports the first failure only.
func expectClose(
    _ actual: [Float],
    _ expected: [Double],
    absolute: Double = 0,
    relative: Double = 0,
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual.count == expected.count, sourceLocation: sourceLocation)
    for (i, (a, e)) in zip(actual, expected).enumerated() {
        let agrees: Bool
        if e.isNaN {
            agrees = a.isNaN
        } else if e.isInfinite || e.magnitude > Double(Float.greatestFiniteMagnitude) * 1.0001 {
            agrees = a.isInfinite && (a > 0) == (e > 0)
        } else {
            agrees = (Double(a) - e).magnitude <= absolute + relative * e.magnitude
        }
        if !agrees {
            Issue.record(
                "\(what)[\(i)]: \(a), expected \(e), at level \(String(cString: ck_level_name(ck_current_level())))",
                sourceLocation: sourceLocation
            )
            return
        }
    }
}

/// An array for a kernel to write to, with a guard behind it that no kernel may touch.
struct Guarded {
    private static let sentinel: Float = -12345.678
    private static let guardCount = 40
    private var storage: [Float]

    init(_ values: [Float]) { storage = values + Array(repeating: Self.sentinel, count: Self.guardCount) }
    init(count: Int) { self.init(Array(repeating: 7.5, count: count)) }

    /// What the kernel wrote, after a check of the guard.
    mutating func write(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (UnsafeMutablePointer<Float>) -> Void
    ) -> [Float] {
        storage.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { body(base) }
        }
        #expect(
            storage.suffix(Self.guardCount).allSatisfy { $0 == Self.sentinel },
            "wrote behind the end",
            sourceLocation: sourceLocation
        )
        return Array(storage.dropLast(Self.guardCount))
    }
}

/// Rounding of one float operation: 2^-24.
let halfUlp = 5.9604644775390625e-8

extension ck_window {
    /// A window over an image with padding given at the top and the left; the output's size follows from the
    /// padding at the bottom and right, which is the same unless `extraPad` adds to it.
    init(
        height: Int,
        width: Int,
        channels: Int,
        pixelStride: Int? = nil,
        kernel: (Int, Int),
        stride: (Int, Int) = (1, 1),
        dilation: (Int, Int) = (1, 1),
        pad: (Int, Int) = (0, 0),
        extraPad: Int = 0
    ) {
        let reach = ((kernel.0 - 1) * dilation.0 + 1, (kernel.1 - 1) * dilation.1 + 1)
        self.init(
            depth: 1,
            height: height,
            width: width,
            channels: channels,
            pixel_stride: pixelStride ?? channels,
            kernel_depth: 1,
            kernel_height: kernel.0,
            kernel_width: kernel.1,
            stride_depth: 1,
            stride_height: stride.0,
            stride_width: stride.1,
            dilation_depth: 1,
            dilation_height: dilation.0,
            dilation_width: dilation.1,
            pad_front: 0,
            pad_top: pad.0,
            pad_left: pad.1,
            output_depth: 1,
            output_height: (height + 2 * pad.0 + extraPad - reach.0) / stride.0 + 1,
            output_width: (width + 2 * pad.1 + extraPad - reach.1) / stride.1 + 1
        )
    }

    /// The same window over an image of several planes.
    func over(depth: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, pad: Int = 0) -> ck_window {
        var window = self
        window.depth = depth
        window.kernel_depth = kernel
        window.stride_depth = stride
        window.dilation_depth = dilation
        window.pad_front = pad
        window.output_depth = (depth + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1
        return window
    }

    var pixels: Int { depth * height * width }
    var outputs: Int { output_depth * output_height * output_width }
    var positions: Int { kernel_depth * kernel_height * kernel_width }

    /// Where in the image a position of the window of an output pixel lies; nil in the padding. Both are counted through.
    func pixel(_ output: Int, _ position: Int) -> Int? {
        let row = output / output_width % output_height, line = position / kernel_width % kernel_height
        let z =
            output / (output_width * output_height) * stride_depth - pad_front
            + position / (kernel_width * kernel_height) * dilation_depth
        let y = row * stride_height - pad_top + line * dilation_height
        let x = output % output_width * stride_width - pad_left + position % kernel_width * dilation_width
        guard z >= 0, z < depth, y >= 0, y < height, x >= 0, x < width else { return nil }
        return (z * height + y) * width + x
    }

    /// The same for one plane: position (ky, kx) of output pixel (row, column).
    func pixel(_ row: Int, _ column: Int, _ ky: Int, _ kx: Int) -> Int? {
        pixel(row * output_width + column, ky * kernel_width + kx)
    }
}
