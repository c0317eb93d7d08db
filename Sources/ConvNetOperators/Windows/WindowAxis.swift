/// One axis of a window that slides over an image.
package struct WindowAxis: Sendable, Hashable {
    /// Of the image, and of the window.
    package let size: Int, window: Int
    package let stride: Int, dilation: Int
    /// What lies before the first element.
    package let padBefore: Int
    /// Places of the window.
    package let output: Int

    /// An axis that the image does not have.
    static let absent = WindowAxis(size: 1, window: 1, stride: 1, dilation: 1, padBefore: 0, output: 1)

    private init(size: Int, window: Int, stride: Int, dilation: Int, padBefore: Int, output: Int) {
        self.size = size
        self.window = window
        self.stride = stride
        self.dilation = dilation
        self.padBefore = padBefore
        self.output = output
    }

    /// Elements from the first under the window to the last, both included.
    package var reach: Int { Self.extent(window, dilation) }
    private static func extent(_ window: Int, _ dilation: Int) -> Int { (window - 1) * dilation + 1 }

    /// The size with its padding; all of the image, for the last window may end before it does.
    package var paddedSize: Int { max(padBefore + size, (output - 1) * stride + reach) }

    /// - Parameter name: what errors call the axis.
    /// - Throws: `ConvNetError` of kind `shape` if no window fits.
    init(_ name: String, size: Int, window: Int, stride: Int, dilation: Int, padding: AxisPadding) throws {
        let extent = Self.extent(window, dilation)
        let before: Int, after: Int
        switch padding {
        case .valid: (before, after) = (0, 0)
        case .same:
            let total = max(((size + stride - 1) / stride - 1) * stride + extent - size, 0)
            (before, after) = (total / 2, total - total / 2)
        case .causal: (before, after) = (extent - 1, 0)
        case .sides(let first, let last): (before, after) = (first, last)
        }
        guard before + size + after >= extent else {
            throw ConvNetError(
                .shape,
                "The window is larger than the image",
                expected: "a \(name) of at least \(extent)",
                received: "the \(name) \(size)",
                remedy: "Use a smaller window, padding: .same, or fewer pooling layers before"
            )
        }
        self.init(
            size: size,
            window: window,
            stride: stride,
            dilation: dilation,
            padBefore: before,
            output: (before + size + after - extent) / stride + 1
        )
    }

    /// The axis of the convolution whose transpose makes more of `size` elements: its places are those elements, and its
    /// image is what is made. Sizes and padding are Keras' (`keras.src.backend.common.backend_utils`).
    ///
    /// - Parameter outputPadding: how much longer the output is than the shortest that the padding allows; `nil` for what
    ///   is left where a convolution with these strides has read all of it.
    /// - Throws: `ConvNetError` of kind `shape` if nothing would be left.
    init(
        transposing name: String,
        size: Int,
        window: Int,
        stride: Int,
        dilation: Int,
        padding: Padding,
        outputPadding: Int?
    ) throws {
        let extent = Self.extent(window, dilation), span = (size - 1) * stride
        let made: Int, before: Int
        switch (padding, outputPadding) {
        case (.valid, let more):
            (made, before) = (span + (more.map { extent + $0 } ?? max(extent, stride)), 0)
        case (.same, nil): (made, before) = (size * stride, max(extent - stride, 0) / 2)
        case (.same, let more?):
            (made, before) = (span + extent % 2 + more, max(extent - extent % 2 - more, 0) / 2)
        }
        guard made >= 1 else {
            throw ConvNetError(
                .shape,
                "Nothing is left of the output",
                expected: "a \(name) of at least 1",
                received: "\(made), from the \(name) \(size)",
                remedy: "Use a larger outputPadding, or none"
            )
        }
        self.init(
            size: made,
            window: window,
            stride: stride,
            dilation: dilation,
            padBefore: before,
            output: size
        )
    }

    /// For adaptive pooling: each of `output` places covers its share of the axis, at most `window` elements.
    init(sharing size: Int, among output: Int) {
        self.init(
            size: size,
            window: min((size + output - 1) / output + 1, size),
            stride: 1,
            dilation: 1,
            padBefore: 0,
            output: output
        )
    }

    /// The element of the image under an element of the window at a place; `nil` beyond the border.
    func element(_ element: Int, at place: Int) -> Int? {
        let index = place * stride + element * dilation - padBefore
        return (0..<size).contains(index) ? index : nil
    }

    /// Whether every place reads just the element at its place.
    var isPointwise: Bool { window == 1 && isPartition }

    /// Whether every element is read at exactly one place.
    var isPartition: Bool {
        window == stride && dilation == 1 && padBefore == 0 && output * window == size
    }
}
