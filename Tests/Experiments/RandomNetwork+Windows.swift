import SwiftConvNet

/// Networks of windows over sequences, images and volumes, with the layers that random architectures over images do not have.
extension RandomNetwork {
    /// - Parameter seed: equal networks for equal seeds.
    init(windowsSeed seed: UInt64) {
        self.init(seed: seed, topic: 2) { draw in
            switch draw.below(3) {
            case 0: [draw.integer(in: 6...30), draw.integer(in: 1...5)]
            case 1: [draw.integer(in: 3...9), draw.integer(in: 3...9), draw.integer(in: 1...4)]
            default: [3, 4, 5].map { _ in draw.integer(in: 2...6) } + [draw.integer(in: 1...3)]
            }
        }
        for _ in 0..<draw.integer(in: 2...5) { growWindow() }
        poolGlobally()
    }

    private var sizes: [Int] { Array(shape.dropLast()) }
    private var channels: Int { shape[shape.count - 1] }

    private mutating func growWindow() {
        switch draw.below(9) {
        case 0, 1, 2: convolve()
        case 3 where shape.reduce(1, *) <= 800: convolveTransposed()
        case 4: pool(isMaximum: true)
        case 5: pool(isMaximum: false)
        case 6: poolAdaptively()
        case 7: add(normalization())
        default: add(activationLayer())
        }
    }

    // MARK: Layers of one to three axes

    private mutating func convolve() {
        let window = numbers(1...3), strides = draw.oneIn(3) ? numbers(1...2) : sizes.map { _ in 1 }
        let dilation = strides.allSatisfy { $0 == 1 } && draw.oneIn(3) ? numbers(1...2) : sizes.map { _ in 1 }
        let padding = padding(window, dilation)
        let groups = channels % 2 == 0 && draw.oneIn(4) ? 2 : 1, filters = groups * draw.integer(in: 1...5)
        let isCausal = sizes.count == 1 && draw.oneIn(3), activation = activation(), useBias = !draw.oneIn(4)
        let made = sizes.indices.map { axis in
            Self.size(
                sizes[axis],
                (window[axis] - 1) * dilation[axis] + 1,
                strides[axis],
                isCausal ? .same : padding
            )
        }
        let layer: any Layer =
            switch sizes.count {
            case 1:
                Conv1D(
                    filters: filters,
                    kernelSize: window[0],
                    strides: strides[0],
                    padding: isCausal ? .causal : padding == .same ? .same : .valid,
                    dilationRate: dilation[0],
                    groups: groups,
                    activation: activation,
                    useBias: useBias
                )
            case 2:
                Conv2D(
                    filters: filters,
                    kernelSize: Size2D(window),
                    strides: Size2D(strides),
                    padding: padding,
                    dilationRate: Size2D(dilation),
                    groups: groups,
                    activation: activation,
                    useBias: useBias
                )
            default:
                Conv3D(
                    filters: filters,
                    kernelSize: Size3D(window),
                    strides: Size3D(strides),
                    padding: padding,
                    dilationRate: Size3D(dilation),
                    groups: groups,
                    activation: activation,
                    useBias: useBias
                )
            }
        add(layer, shape: made + [filters])
    }

    private mutating func convolveTransposed() {
        let window = numbers(1...3), strides = numbers(1...2), filters = draw.integer(in: 1...4)
        let padding: Padding = draw.one(of: [.valid, .same]), activation = activation()
        let made = sizes.indices.map { axis in
            padding == .same
                ? sizes[axis] * strides[axis]
                : (sizes[axis] - 1) * strides[axis] + max(window[axis], strides[axis])
        }
        let layer: any Layer =
            switch sizes.count {
            case 1:
                Conv1DTranspose(
                    filters: filters,
                    kernelSize: window[0],
                    strides: strides[0],
                    padding: padding,
                    activation: activation
                )
            case 2:
                Conv2DTranspose(
                    filters: filters,
                    kernelSize: Size2D(window),
                    strides: Size2D(strides),
                    padding: padding,
                    activation: activation
                )
            default:
                Conv3DTranspose(
                    filters: filters,
                    kernelSize: Size3D(window),
                    strides: Size3D(strides),
                    padding: padding,
                    activation: activation
                )
            }
        add(layer, shape: made + [filters])
    }

    private mutating func pool(isMaximum: Bool) {
        let window = numbers(1...3), strides = numbers(1...2)
        let padding = padding(window, window.map { _ in 1 })
        let made = sizes.indices.map { Self.size(sizes[$0], window[$0], strides[$0], padding) }
        let layer: any Layer =
            switch (sizes.count, isMaximum) {
            case (1, true): MaxPooling1D(poolSize: window[0], strides: strides[0], padding: padding)
            case (1, false): AveragePooling1D(poolSize: window[0], strides: strides[0], padding: padding)
            case (2, true):
                MaxPooling2D(poolSize: Size2D(window), strides: Size2D(strides), padding: padding)
            case (2, false):
                AveragePooling2D(poolSize: Size2D(window), strides: Size2D(strides), padding: padding)
            case (_, true):
                MaxPooling3D(poolSize: Size3D(window), strides: Size3D(strides), padding: padding)
            case (_, false):
                AveragePooling3D(poolSize: Size3D(window), strides: Size3D(strides), padding: padding)
            }
        add(layer, shape: made + [channels])
    }

    private mutating func poolAdaptively() {
        let made = numbers(1...4), isMaximum = draw.oneIn(2)
        let layer: any Layer =
            switch (sizes.count, isMaximum) {
            case (1, true): AdaptiveMaxPooling1D(outputSize: made[0])
            case (1, false): AdaptiveAveragePooling1D(outputSize: made[0])
            case (2, true): AdaptiveMaxPooling2D(outputSize: Size2D(made))
            case (2, false): AdaptiveAveragePooling2D(outputSize: Size2D(made))
            case (_, true): AdaptiveMaxPooling3D(outputSize: Size3D(made))
            case (_, false): AdaptiveAveragePooling3D(outputSize: Size3D(made))
            }
        add(layer, shape: made + [channels])
    }

    private mutating func poolGlobally() {
        let isMaximum = draw.oneIn(2), keepDims = draw.oneIn(3)
        let layer: any Layer =
            switch (sizes.count, isMaximum) {
            case (1, true): GlobalMaxPooling1D(keepDims: keepDims)
            case (1, false): GlobalAveragePooling1D(keepDims: keepDims)
            case (2, true): GlobalMaxPooling2D(keepDims: keepDims)
            case (2, false): GlobalAveragePooling2D(keepDims: keepDims)
            case (_, true): GlobalMaxPooling3D(keepDims: keepDims)
            case (_, false): GlobalAveragePooling3D(keepDims: keepDims)
            }
        add(layer, shape: (keepDims ? sizes.map { _ in 1 } : []) + [channels])
    }

    // MARK: Numbers

    /// A number for each axis.
    private mutating func numbers(_ range: ClosedRange<Int>) -> [Int] {
        sizes.map { _ in draw.integer(in: range) }
    }

    /// A padding with which the window fits.
    private mutating func padding(_ window: [Int], _ dilation: [Int]) -> Padding {
        let fits = sizes.indices.allSatisfy { (window[$0] - 1) * dilation[$0] + 1 <= sizes[$0] }
        return fits && draw.oneIn(2) ? .valid : .same
    }

    private static func size(_ size: Int, _ extent: Int, _ stride: Int, _ padding: Padding) -> Int {
        padding == .same ? (size + stride - 1) / stride : (size - extent) / stride + 1
    }
}

extension Size2D {
    fileprivate init(_ sizes: [Int]) { self.init(sizes[0], sizes[1]) }
}

extension Size3D {
    fileprivate init(_ sizes: [Int]) { self.init(sizes[0], sizes[1], sizes[2]) }
}
