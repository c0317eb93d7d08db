import SwiftConvNet

extension RandomNetwork {
    private var channels: Int { shape[2] }
    /// What a joint of branches may still double.
    private var hasRoom: Bool {
        channels <= (isWide ? 64 : 24) && shape.reduce(1, *) <= (isWide ? 30_000 : 4_000)
    }

    mutating func growImage() {
        switch draw.below(28) {
        case 0...5: convolve()
        case 6, 7: convolveAndNormalize()
        case 8: separableConvolution()
        case 9, 10: pool(isMaximum: true)
        case 11: pool(isMaximum: false)
        case 12: pad()
        case 13: add(normalization())
        case 14: add(Dropout(rate: draw.one(of: [0.1, 0.3, 0.5])))
        case 15: add(activationLayer())
        case 16: add(Softmax())
        case 17: add(Rescaling(scale: 1.5, offset: -0.1))
        case 18, 19, 20: residualBlock()
        case 21: inceptionBlock()
        case 22: addEachChannel()
        case 23: concatenateAlongSide()
        case 24: add(Reshape(targetShape: [shape[1], -1, channels]), shape: [shape[1], shape[0], channels])
        case 25: add(Reshape(targetShape: [-1, channels]), shape: [shape[0] * shape[1], channels])
        case 26:
            let units = filters()
            add(dense(units: units), shape: [shape[0], shape[1], units])
        default:
            if isWide { convolve() } else { flatten() }
        }
    }

    private mutating func filters() -> Int {
        isWide ? draw.one(of: [8, 16, 24, 32, 64]) : draw.integer(in: 1...12)
    }

    // MARK: Windows

    /// The output's size along an axis, by a window of this extent.
    private static func size(_ size: Int, extent: Int, stride: Int, _ padding: Padding) -> Int {
        padding == .same ? (size + stride - 1) / stride : (size - extent) / stride + 1
    }

    /// Height and width after a window, and a padding for which it fits.
    private mutating func window(_ window: Size2D, strides: Size2D, dilation: Size2D = 1) -> (Padding, [Int])
    {
        let extent = [
            (window.height - 1) * dilation.height + 1, (window.width - 1) * dilation.width + 1,
        ]
        let fits = extent[0] <= shape[0] && extent[1] <= shape[1]
        let padding: Padding = fits && draw.oneIn(2) ? .valid : .same
        return (
            padding,
            [
                Self.size(shape[0], extent: extent[0], stride: strides.height, padding),
                Self.size(shape[1], extent: extent[1], stride: strides.width, padding),
            ]
        )
    }

    private mutating func pool(isMaximum: Bool) {
        let size: Size2D = draw.one(of: [2, 2, 3, [3, 2], [1, 2]])
        let strides: Size2D? = draw.one(of: [nil, 1, 2, [2, 1]])
        let (padding, area) = window(size, strides: strides ?? size)
        add(
            isMaximum
                ? MaxPooling2D(poolSize: size, strides: strides, padding: padding)
                : AveragePooling2D(poolSize: size, strides: strides, padding: padding),
            shape: area + [channels]
        )
    }

    private mutating func pad() {
        let (top, bottom) = (draw.below(3), draw.below(2)), (left, right) = (draw.below(2), draw.below(3))
        add(
            ZeroPadding2D(padding: ((top, bottom), (left, right))),
            shape: [shape[0] + top + bottom, shape[1] + left + right, channels]
        )
    }

    // MARK: Convolutions

    /// How a convolution is computed, if it is not the model's choice. What does not suit it becomes im2col.
    private mutating func path(suitsWinograd: Bool, suitsDirect: Bool) -> ComputeOptions.ConvolutionPath? {
        guard draw.oneIn(5) else { return nil }
        // The plain loops take too long for large layers.
        var path = draw.one(of: ComputeOptions.ConvolutionPath.allCases)
        if isWide, path == .naive { path = .direct }
        switch path {
        case .winograd2x2, .winograd4x4: return suitsWinograd ? path : .im2col
        case .direct: return suitsDirect ? path : .im2col
        default: return path
        }
    }

    /// A convolution with random settings, or with those that are given.
    private mutating func convolve(
        filters count: Int? = nil,
        kernelSize size: Size2D? = nil,
        keepsSize: Bool = false,
        activation function: ActivationFunction? = nil,
        groups: Int? = nil
    ) {
        let kernelSize = size ?? draw.one(of: [1, 3, 3, 3, 3, 5, [2, 3], [3, 1]])
        let strides: Size2D = !keepsSize && draw.oneIn(4) ? draw.one(of: [2, 2, [2, 1], [1, 2]]) : 1
        let dilation: Size2D = strides == 1 && draw.oneIn(5) ? draw.one(of: [2, [1, 2]]) : 1
        var (padding, area) = window(kernelSize, strides: strides, dilation: dilation)
        if keepsSize { (padding, area) = (.same, [shape[0], shape[1]]) }
        var count = count ?? filters(), parts = groups ?? 1
        if groups == nil, !keepsSize, draw.oneIn(5) {
            parts = channels
            count = channels * (hasRoom ? draw.integer(in: 1...2) : 1)
        } else if groups == nil, !keepsSize, channels > 1, draw.oneIn(5) {
            parts = [2, 3].first { channels % $0 == 0 } ?? 1
            count = (count + parts - 1) / parts * parts
        }
        add(
            Conv2D(
                filters: count,
                kernelSize: kernelSize,
                strides: strides,
                padding: padding,
                dilationRate: dilation,
                groups: parts,
                activation: function ?? activation(),
                useBias: !draw.oneIn(3),
                kernelInitializer: kernelInitializer(),
                biasInitializer: biasInitializer(),
                convolutionPath: path(
                    suitsWinograd: kernelSize == 3 && strides == 1 && dilation == 1 && parts == 1,
                    suitsDirect: parts == 1 || parts == channels
                )
            ),
            shape: area + [count]
        )
    }

    /// A convolution, a normalisation and perhaps an activation, as they are joined in inference.
    private mutating func convolveAndNormalize(filters: Int? = nil, keepsSize: Bool = false) {
        convolve(filters: filters, keepsSize: keepsSize, activation: .linear)
        add(normalization())
        if !draw.oneIn(3) { add(draw.oneIn(2) ? ReLU() : activationLayer()) }
    }

    /// A convolution of each channel by itself, then one of all channels at each pixel.
    private mutating func separableConvolution() {
        convolve(filters: channels, kernelSize: 3, activation: .linear, groups: channels)
        if draw.oneIn(2) { add(normalization()) }
        add(ReLU(maxValue: 6))
        convolve(kernelSize: 1, keepsSize: true, groups: 1)
    }

    // MARK: Branches

    /// One or two convolutions beside the identity, or beside another convolution.
    private mutating func residualBlock() {
        let count = draw.oneIn(2) ? channels : filters()
        let isLong = draw.oneIn(2), kept = channels == count && !draw.oneIn(4)
        let way = branch {
            $0.convolveAndNormalize(filters: count, keepsSize: true)
            if isLong { $0.convolve(filters: count, keepsSize: true, activation: .linear) }
        }
        let other =
            kept
            ? output
            : branch { $0.convolve(filters: count, kernelSize: 1, keepsSize: true) }.output
        join(draw.oneIn(2) ? [way.output, other] : [other, way.output], by: Add(), shape: way.shape)
        if draw.oneIn(2) { add(ReLU()) }
    }

    /// Several ways side by side.
    private mutating func inceptionBlock() {
        guard hasRoom else { return convolve() }
        var ways = (0..<draw.integer(in: 1...3)).map { _ in
            branch { $0.convolve(filters: $0.filters() / 2 + 1, keepsSize: true) }
        }
        if draw.oneIn(2) {
            ways.append(
                branch { $0.add(MaxPooling2D(poolSize: 3, strides: 1, padding: .same)) }
            )
        }
        ways.append((output, shape))
        if draw.oneIn(2) { ways.reverse() }
        join(
            ways.map(\.output),
            by: Concatenate(),
            shape: [shape[0], shape[1], ways.reduce(0) { $0 + $1.shape[2] }]
        )
    }

    /// A sum in which an axis of size 1, or a missing one, stands for many.
    private mutating func addEachChannel() {
        let count = channels
        let isVector = draw.oneIn(2)
        let way = branch {
            if isVector {
                $0.add(GlobalAveragePooling2D(), shape: [count])
                $0.add($0.dense(units: count))
            } else {
                $0.add(GlobalAveragePooling2D(keepDims: true), shape: [1, 1, count])
                $0.convolve(filters: count, kernelSize: 1, keepsSize: true)
            }
        }
        join(draw.oneIn(2) ? [output, way.output] : [way.output, output], by: Add(), shape: shape)
    }

    /// Two ways joined along the height or the width.
    private mutating func concatenateAlongSide() {
        guard hasRoom else { return pool(isMaximum: true) }
        let axis = draw.below(2), count = channels
        let way = branch { $0.convolve(filters: count, keepsSize: true) }
        var joined = shape
        joined[axis] *= 2
        join([output, way.output], by: Concatenate(axis: axis + 1), shape: joined)
    }
}
