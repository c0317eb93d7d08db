import CKernels

/// Where the window of a convolution goes: all sizes, checked.
struct ConvolutionGeometry: Sendable, Hashable {
    let height: Int, width: Int, channels: Int
    let filters: Int, groups: Int
    let kernel: Size2D, strides: Size2D, dilation: Size2D
    let outputHeight: Int, outputWidth: Int
    let padTop: Int, padLeft: Int

    init(
        height: Int,
        width: Int,
        channels: Int,
        filters: Int,
        groups: Int,
        kernel: Size2D,
        strides: Size2D,
        dilation: Size2D,
        padding: Padding
    ) throws {
        self.height = height
        self.width = width
        self.channels = channels
        self.filters = filters
        self.groups = groups
        self.kernel = kernel
        self.strides = strides
        self.dilation = dilation
        let rows = try WindowAxis(
            "height",
            size: height,
            window: kernel.height,
            stride: strides.height,
            dilation: dilation.height,
            padding: padding
        )
        let columns = try WindowAxis(
            "width",
            size: width,
            window: kernel.width,
            stride: strides.width,
            dilation: dilation.width,
            padding: padding
        )
        outputHeight = rows.output
        outputWidth = columns.output
        padTop = rows.padBefore
        padLeft = columns.padBefore
    }

    /// Elements of one input image, and of one output image.
    var inputCount: Int { height * width * channels }
    var outputCount: Int { outputPixels * filters }
    /// Output pixels of one image.
    var outputPixels: Int { outputHeight * outputWidth }
    /// Input channels and filters of one group.
    var groupChannels: Int { channels / groups }
    var groupFilters: Int { filters / groups }
    /// Elements under the window, in one group: the columns of the im2col matrix.
    var patchCount: Int { kernel.height * kernel.width * groupChannels }
    /// Whether every output pixel reads just the input pixel at its place, so that the image is its own im2col matrix.
    var isPointwise: Bool { kernel == 1 && strides == 1 && groups == 1 }
    /// Whether each filter sees one channel of several.
    var isDepthwise: Bool { groups > 1 && groups == channels }
    /// Whether a direct kernel is quicker than im2col and OpenBLAS: for depthwise layers, and for one group with at most
    /// 73,728 weights. Measured in `docs/design/convolution.md`, "When".
    var isFasterDirect: Bool { isDepthwise || (groups == 1 && patchCount * filters <= 73_728) }

    /// The window as `CKernels` takes it, for one group.
    var window: ck_window {
        ck_window(
            height: height,
            width: width,
            channels: groupChannels,
            pixel_stride: channels,
            kernel_height: kernel.height,
            kernel_width: kernel.width,
            stride_height: strides.height,
            stride_width: strides.width,
            dilation_height: dilation.height,
            dilation_width: dilation.width,
            pad_top: padTop,
            pad_left: padLeft,
            output_height: outputHeight,
            output_width: outputWidth
        )
    }
}
