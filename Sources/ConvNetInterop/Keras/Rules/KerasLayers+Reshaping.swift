import SwiftConvNet

extension KerasLayers {
    static let reshaping: [KerasRule<any Layer>] = [
        rule(Flatten()), rule(Reshape(targetShape: [1])), rule(Permute(dims: [1])), rule(RepeatVector(n: 1)),
        rule(UpSampling1D()), rule(UpSampling2D()), rule(UpSampling3D()),
        borders(ZeroPadding1D(), "padding", [("left", "right")]),
        borders(ZeroPadding2D(), "padding", [("top", "bottom"), ("left", "right")]),
        borders(ZeroPadding3D(), "padding", [("front", "back"), ("top", "bottom"), ("left", "right")]),
        borders(Cropping1D(), "cropping", [("left", "right")]),
        borders(Cropping2D(), "cropping", [("top", "bottom"), ("left", "right")]),
        borders(Cropping3D(), "cropping", [("front", "back"), ("top", "bottom"), ("left", "right")]),
    ]

    /// A layer whose sides have names here, and are a list of pairs in Keras.
    private static func borders(_ layer: any Layer, _ key: String, _ sides: [(String, String)]) -> KerasRule<
        any Layer
    > {
        rule(
            layer,
            read: { config in
                // One number, one for each axis, or two for each axis.
                let given = config[key].list.map {
                    $0.count == sides.count && sides.count > 1 ? $0 : [config[key]]
                }
                for (place, (first, last)) in sides.enumerated() {
                    let value = given.map { $0.count == 1 ? $0[0] : $0[place] } ?? config[key]
                    guard let numbers = value.integers, (1...2).contains(numbers.count) else { continue }
                    config[first] = .integer(numbers[0])
                    config[last] = .integer(numbers[numbers.count - 1])
                }
            },
            write: { config in
                let pairs = sides.map { JSONValue.list([config[$0.0], config[$0.1]]) }
                for (first, last) in sides { (config[first], config[last]) = (.null, .null) }
                config[key] = pairs.count == 1 ? pairs[0] : .list(pairs)
            }
        )
    }
}
