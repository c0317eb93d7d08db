import CKernels

/// Where a window goes over an image of one to three axes: all sizes, checked. Convolution and pooling share it.
///
/// Kernels always see three axes: those that the image lacks come first, and have size 1 and a window of 1.
struct WindowGeometry: Sendable, Hashable {
    let depth: WindowAxis, height: WindowAxis, width: WindowAxis
    let channels: Int
    let filters: Int, groups: Int

    private init(_ axes: [WindowAxis], channels: Int, filters: Int, groups: Int) {
        let absent = Array(repeating: WindowAxis.absent, count: 3 - axes.count)
        (depth, height, width) = ((absent + axes)[0], (absent + axes)[1], (absent + axes)[2])
        self.channels = channels
        self.filters = filters
        self.groups = groups
    }

    /// A window of `window` elements along each axis over an image of `sizes`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the window fits nowhere.
    init(sizes: [Int], channels: Int, filters: Int, groups: Int = 1, window: [Int], sliding: Sliding) throws {
        let names = Self.names(sizes.count)
        let axes = try sizes.indices.map {
            try WindowAxis(
                names[$0],
                size: sizes[$0],
                window: window[$0],
                stride: sliding.strides[$0],
                dilation: sliding.dilation[$0],
                padding: sliding.padding[$0]
            )
        }
        self.init(axes, channels: channels, filters: filters, groups: groups)
    }

    /// That of the convolution whose transpose takes an image of `sizes` and `channels`, and makes one of `filters`
    /// channels: a convolution from what is made to the image at hand.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if nothing would be left of the output.
    init(
        transposing sizes: [Int],
        channels: Int,
        filters: Int,
        window: [Int],
        strides: [Int],
        dilation: [Int],
        padding: Padding,
        outputPadding: [Int]?
    ) throws {
        let names = Self.names(sizes.count)
        let axes = try sizes.indices.map {
            try WindowAxis(
                transposing: names[$0],
                size: sizes[$0],
                window: window[$0],
                stride: strides[$0],
                dilation: dilation[$0],
                padding: padding,
                outputPadding: outputPadding?[$0]
            )
        }
        self.init(axes, channels: filters, filters: channels, groups: 1)
    }

    /// Shares of an image of `sizes` for so many `outputs` along each axis, as adaptive pooling has them: the window is the
    /// largest of them.
    init(sharing sizes: [Int], among outputs: [Int], channels: Int) {
        self.init(
            zip(sizes, outputs).map { WindowAxis(sharing: $0, among: $1) },
            channels: channels,
            filters: channels,
            groups: 1
        )
    }

    private static func names(_ rank: Int) -> [String] {
        switch rank {
        case 1: ["length"]
        case 2: ["height", "width"]
        default: ["depth", "height", "width"]
        }
    }

    /// The sizes of the image, of the window and of the output along its last `rank` axes.
    func imageSizes(_ rank: Int) -> [Int] { axes(rank).map(\.size) }
    func windowSizes(_ rank: Int) -> [Int] { axes(rank).map(\.window) }
    func outputSizes(_ rank: Int) -> [Int] { axes(rank).map(\.output) }

    func axes(_ rank: Int) -> [WindowAxis] { Array([depth, height, width].suffix(rank)) }

    /// The first axis that the image has, of a sequence the second: rows of an image, planes of a volume.
    var slices: WindowAxis { isPlane ? height : depth }

    /// Pixels of one input image, and of one output image.
    var inputPixels: Int { depth.size * height.size * width.size }
    var outputPixels: Int { depth.output * height.output * width.output }
    /// Elements of one input image, and of one output image.
    var inputCount: Int { inputPixels * channels }
    var outputCount: Int { outputPixels * filters }
    /// Input channels and filters of one group.
    var groupChannels: Int { channels / groups }
    var groupFilters: Int { filters / groups }
    /// Elements under the window, in one group: the columns of the im2col matrix.
    var patchCount: Int { depth.window * height.window * width.window * groupChannels }
    /// Whether every output pixel reads just the input pixel at its place, so that the image is its own im2col matrix.
    var isPointwise: Bool {
        groups == 1 && depth.isPointwise && height.isPointwise && width.isPointwise
    }
    /// Whether every element of the image is under exactly one window.
    var isPartition: Bool { depth.isPartition && height.isPartition && width.isPartition }
    /// Whether each filter sees one channel of several.
    var isDepthwise: Bool { groups > 1 && groups == channels }
    /// Whether there is one plane, so that height and width are all.
    var isPlane: Bool { depth == .absent }

    /// The window as `CKernels` takes it, for one group.
    var window: ck_window {
        ck_window(
            depth: depth.size,
            height: height.size,
            width: width.size,
            channels: groupChannels,
            pixel_stride: channels,
            kernel_depth: depth.window,
            kernel_height: height.window,
            kernel_width: width.window,
            stride_depth: depth.stride,
            stride_height: height.stride,
            stride_width: width.stride,
            dilation_depth: depth.dilation,
            dilation_height: height.dilation,
            dilation_width: width.dilation,
            pad_front: depth.padBefore,
            pad_top: height.padBefore,
            pad_left: width.padBefore,
            output_depth: depth.output,
            output_height: height.output,
            output_width: width.output
        )
    }

    /// The window for some rows of the output, and where the image that it goes over and its output begin.
    ///
    /// - Precondition: the rows are all, or there is one plane.
    func part(rows: Range<Int>) -> (window: ck_window, input: Int, output: Int) {
        guard rows.count < height.output else { return (window, 0, 0) }
        let top = rows.lowerBound * height.stride - height.padBefore
        // Rows of the image before the first window are left out, so that a border is only where the image has one.
        let skipped = min(max(top, 0), height.size)
        var window = window
        window.height -= skipped
        window.pad_top = skipped - top
        window.output_height = rows.count
        return (window, skipped * width.size * channels, rows.lowerBound * width.output * filters)
    }
}
