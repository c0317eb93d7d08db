import SwiftConvNet

extension ShapeInferenceTests {
    /// Layers that move elements, prepare inputs, or convolve each channel by itself.
    static let moving: [Case] = [
        Case(Permute(dims: [2, 3, 1]), [4, 5, 6], output: [5, 6, 4]),
        Case(RepeatVector(n: 3), [5], output: [3, 5]),
        Case(ZeroPadding1D(), [4, 5], output: [6, 5]),
        Case(ZeroPadding1D(padding: (1, 2)), [4, 5], output: [7, 5]),
        Case(ZeroPadding3D(), [2, 3, 4, 5], output: [4, 5, 6, 5]),
        Case(ZeroPadding3D(padding: [0, 1, 2]), [2, 3, 4, 5], output: [2, 5, 8, 5]),
        Case(ZeroPadding3D(padding: ((1, 0), (2, 0), (0, 3))), [2, 3, 4, 5], output: [3, 5, 7, 5]),
        Case(Cropping1D(), [4, 5], output: [2, 5]),
        Case(Cropping1D(cropping: (0, 3)), [4, 5], output: [1, 5]),
        Case(Cropping2D(), [4, 5, 6], output: [4, 5, 6]),
        Case(Cropping2D(cropping: [1, 2]), [4, 5, 6], output: [2, 1, 6]),
        Case(Cropping2D(cropping: ((1, 0), (0, 2))), [4, 5, 6], output: [3, 3, 6]),
        Case(Cropping3D(), [3, 4, 5, 6], output: [1, 2, 3, 6]),
        Case(Cropping3D(cropping: ((1, 0), (2, 0), (0, 3))), [2, 3, 4, 5], output: [1, 1, 1, 5]),
        Case(UpSampling1D(), [4, 5], output: [8, 5]),
        Case(UpSampling2D(size: [3, 2]), [4, 5, 6], output: [12, 10, 6]),
        Case(UpSampling2D(interpolation: .bicubic), [4, 5, 6], output: [8, 10, 6]),
        Case(UpSampling3D(size: [1, 2, 3]), [2, 3, 4, 5], output: [2, 6, 12, 5]),
        Case(
            DepthwiseConv1D(kernelSize: 3, padding: .causal, depthMultiplier: 2),
            [7, 3],
            output: [7, 6],
            "kernel [3, 3, 2]",
            "bias [6]"
        ),
        Case(
            DepthwiseConv2D(kernelSize: [3, 2], strides: 2, dilationRate: 2, useBias: false),
            [9, 8, 4],
            output: [3, 3, 4],
            "kernel [3, 2, 4, 1]"
        ),
        Case(
            SeparableConv1D(filters: 5, kernelSize: 3, depthMultiplier: 2),
            [7, 3],
            output: [5, 5],
            "depthwise_kernel [3, 3, 2]",
            "pointwise_kernel [1, 6, 5]",
            "bias [5]"
        ),
        Case(
            SeparableConv2D(
                filters: 5,
                kernelSize: 3,
                padding: .same,
                useBias: false,
                pointwiseRegularizer: .l2(0.5),
                depthwiseConstraint: .nonNeg
            ),
            [7, 6, 4],
            output: [7, 6, 5],
            "depthwise_kernel [3, 3, 4, 1]",
            "pointwise_kernel [1, 1, 4, 5]"
        ),
        Case(Resizing(height: 3, width: 9), [4, 5, 6], output: [3, 9, 6]),
        Case(
            Resizing(
                height: 3,
                width: 9,
                interpolation: .lanczos3,
                padToAspectRatio: true,
                fillValue: 1,
                antialias: true
            ),
            [4, 5, 6],
            output: [3, 9, 6]
        ),
        Case(CenterCrop(height: 3, width: 2), [4, 5, 6], output: [3, 2, 6]),
        Case(CenterCrop(height: 8, width: 2), [4, 5, 6], output: [8, 2, 6]),
        Case(Rescaling(scale: [1, 2, 3], offset: [4]), [5, 3], output: [5, 3]),
        Case(Normalization(), [4, 5, 6], output: [4, 5, 6], "mean [6]", "variance [6]", "count []"),
        Case(Normalization(axis: nil), [4, 5], output: [4, 5], "mean []", "variance []", "count []"),
        Case(
            Normalization(axis: [-1, 1], invert: true),
            [4, 5, 6],
            output: [4, 5, 6],
            "mean [4, 6]",
            "variance [4, 6]",
            "count []"
        ),
        Case(Normalization(mean: [1], variance: [2]), [4, 5], output: [4, 5]),
        Case(Discretization(binBoundaries: [0, 1, 2]), [4, 5], output: [4, 5]),
        Case(Discretization(binBoundaries: [0, 1, 2], outputMode: .oneHot), [4, 5], output: [4, 5, 4]),
        Case(Discretization(binBoundaries: [0], outputMode: .count), [5], output: [2]),
        Case(CategoryEncoding(numTokens: 7), [4], output: [7]),
        Case(CategoryEncoding(numTokens: 7, outputMode: .oneHot), [4], output: [4, 7]),
        Case(CategoryEncoding(numTokens: 7, outputMode: .oneHot), [4, 1], output: [4, 7]),
        Case(CategoryEncoding(numTokens: 7, outputMode: .oneHot), [1], output: [7]),
    ]
}
