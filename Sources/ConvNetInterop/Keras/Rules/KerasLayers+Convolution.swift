import SwiftConvNet

extension KerasLayers {
    static let convolution: [KerasRule<any Layer>] =
        [
            Conv1D(filters: 1, kernelSize: 1), Conv2D(filters: 1, kernelSize: 1),
            Conv3D(filters: 1, kernelSize: 1),
        ].map {
            (layer: any Layer) in rule(layer, write: { $0["convolution_path"] = .null })
        }
        + [
            rule(Conv1DTranspose(filters: 1, kernelSize: 1, outputPadding: 1), optional: ["outputPadding"]),
            rule(Conv2DTranspose(filters: 1, kernelSize: 1, outputPadding: 1), optional: ["outputPadding"]),
            rule(Conv3DTranspose(filters: 1, kernelSize: 1, outputPadding: 1), optional: ["outputPadding"]),
            rule(DepthwiseConv1D(kernelSize: 1)), rule(DepthwiseConv2D(kernelSize: 1)),
            rule(SeparableConv1D(filters: 1, kernelSize: 1)),
            rule(SeparableConv2D(filters: 1, kernelSize: 1)),
        ]
}
