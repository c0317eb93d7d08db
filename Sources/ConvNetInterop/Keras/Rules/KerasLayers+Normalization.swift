import SwiftConvNet

extension KerasLayers {
    static let normalization: [KerasRule<any Layer>] = [
        rule(
            BatchNormalization(),
            optional: ["axis"],
            fixed: ["renorm": [false]],
            // Files of tf.keras have a list of one axis.
            read: { if let axes = $0["axis"].integers, axes.count == 1 { $0["axis"] = .integer(axes[0]) } }
        ),
        rule(LayerNormalization(), fixed: ["rms_scaling": [false]]), rule(GroupNormalization()),
        rule(RMSNormalization()), rule(UnitNormalization()),
        rule(SpectralNormalization(Dense(units: 1))),
    ]
}
