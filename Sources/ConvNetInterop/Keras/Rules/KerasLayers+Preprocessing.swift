import SwiftConvNet

extension KerasLayers {
    static let preprocessing: [KerasRule<any Layer>] = [
        rule(Rescaling(scale: 1 as Float)),
        rule(
            Normalization(),
            optional: ["mean", "variance"],
            read: { config in
                // Without an axis all values have one mean.
                if config["axis"] == .null { config["axis"] = [] }
                for key in ["mean", "variance"] {
                    if let numbers = config[key].flatNumbers {
                        config[key] = .list(numbers.map { .number($0) })
                    }
                }
            },
            write: { config in if config["axis"] == [] { config["axis"] = .null } }
        ),
        rule(
            Discretization(binBoundaries: [0]),
            optional: ["binBoundaries", "numBins"],
            fixed: ["sparse": [false]]
        ),
        rule(CategoryEncoding(numTokens: 1), fixed: ["sparse": [false]]),
        rule(Resizing(height: 1, width: 1)), rule(CenterCrop(height: 1, width: 1)),
    ]

    static let augmentation: [KerasRule<any Layer>] =
        [
            RandomFlip(), RandomRotation(factor: 0.5), RandomTranslation(heightFactor: 0.5, widthFactor: 0.5),
            RandomCrop(height: 1, width: 1), RandomBrightness(factor: 0.5), RandomContrast(factor: 0.5),
            RandomInvert(), RandomGrayscale(), RandomColorDegeneration(factor: 0.5),
            RandomSaturation(factor: 0.5),
            RandomHue(factor: 0.5), RandomSharpness(factor: 0.5), RandomPosterization(factor: 4),
            Solarization(),
            RandomGaussianBlur(), RandomPerspective(), RandomElasticTransform(), RandAugment(), AugMix(),
        ].map { (layer: any Layer) in rule(layer, optional: ["seed"]) }
        + [
            rule(
                RandomShear(),
                optional: ["seed"],
                // Keras writes a number as the range from its negative on; here it stays the number.
                read: { config in
                    for key in ["x_factor", "y_factor"] {
                        guard let bounds = config[key].flatNumbers, bounds.count == 2, bounds[0] == -bounds[1]
                        else { continue }
                        config[key] = .number(bounds[1])
                    }
                }
            ),
            rule(RandomZoom(heightFactor: 0.5), optional: ["widthFactor", "seed"]),
            rule(RandomErasing(), optional: ["fillValue", "seed"]),
            rule(
                RandomColorJitter(),
                optional: ["brightnessFactor", "contrastFactor", "saturationFactor", "hueFactor", "seed"]
            ),
            rule(AutoContrast()), rule(Equalization()), rule(ContrastLimitedAdaptiveHistogramEqualization()),
            rule(Pipeline(layers: [])),
        ]
}
