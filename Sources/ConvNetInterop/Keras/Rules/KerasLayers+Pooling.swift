import SwiftConvNet

extension KerasLayers {
    static let pooling: [KerasRule<any Layer>] =
        [
            MaxPooling1D(), MaxPooling2D(), MaxPooling3D(), AveragePooling1D(poolSize: 2),
            AveragePooling2D(poolSize: 2),
            AveragePooling3D(poolSize: 2),
        ].map { (layer: any Layer) in
            rule(layer, read: { if $0["strides"] == .null { $0["strides"] = $0["pool_size"] } })
        }
        + [
            GlobalMaxPooling1D(), GlobalMaxPooling2D(), GlobalMaxPooling3D(), GlobalAveragePooling1D(),
            GlobalAveragePooling2D(), GlobalAveragePooling3D(),
        ].map { (layer: any Layer) in rule(layer, renamed: ["keepDims": "keepdims"]) }
        + [
            AdaptiveMaxPooling1D(outputSize: 1), AdaptiveMaxPooling2D(outputSize: 1),
            AdaptiveMaxPooling3D(outputSize: 1),
            AdaptiveAveragePooling1D(outputSize: 1), AdaptiveAveragePooling2D(outputSize: 1),
            AdaptiveAveragePooling3D(outputSize: 1),
        ].map { (layer: any Layer) in rule(layer) }
}
