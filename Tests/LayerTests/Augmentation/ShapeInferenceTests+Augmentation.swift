import SwiftConvNet

extension ShapeInferenceTests {
    /// Layers that change pictures at random, with arguments away from their defaults.
    static let augmentation: [Case] = [
        Case(RandomFlip(mode: .vertical, seed: 3), [4, 5, 2], output: [4, 5, 2]),
        Case(
            RandomRotation(factor: [-0.1, 0.2], fillMode: .wrap, interpolation: .nearest, seed: .max),
            [4, 5, 2],
            output: [4, 5, 2]
        ),
        Case(
            RandomTranslation(heightFactor: 0.1, widthFactor: [0, 1], fillMode: .constant, fillValue: 3),
            [4, 5, 2],
            output: [4, 5, 2]
        ),
        Case(RandomZoom(heightFactor: [-0.5, 0]), [4, 5, 2], output: [4, 5, 2]),
        Case(RandomZoom(heightFactor: 0.5, widthFactor: 0.25), [4, 5, 2], output: [4, 5, 2]),
        Case(
            RandomShear(xFactor: 0.5, yFactor: [0.1, 0.2], fillMode: .nearest),
            [4, 5, 2],
            output: [4, 5, 2]
        ),
        Case(RandomPerspective(factor: 0.5, scale: 0.3, fillValue: 2), [4, 5, 2], output: [4, 5, 2]),
        Case(RandomElasticTransform(scale: [0.1, 0.2], valueRange: 0...1), [4, 5, 2], output: [4, 5, 2]),
        Case(RandomCrop(height: 3, width: 2), [4, 5, 6], output: [3, 2, 6]),
        Case(RandomCrop(height: 8, width: 2, seed: 1), [4, 5, 6], output: [8, 2, 6]),
        Case(RandomBrightness(factor: 0.2, valueRange: 0...1, seed: 4), [4, 5, 6], output: [4, 5, 6]),
        Case(RandomContrast(factor: [0.2, 0.5]), [4, 5, 6], output: [4, 5, 6]),
        Case(RandomErasing(factor: 0.5, scale: 0.2, fillValue: [1, 2, 3]), [4, 5, 3], output: [4, 5, 3]),
        Case(RandomInvert(factor: 0.5), [4, 5, 6], output: [4, 5, 6]),
        Case(RandomGrayscale(factor: 0.25), [4, 5, 3], output: [4, 5, 3]),
        Case(RandomColorDegeneration(factor: 0.5), [4, 5, 3], output: [4, 5, 3]),
        Case(RandomSaturation(factor: [0.4, 0.6]), [4, 5, 3], output: [4, 5, 3]),
        Case(RandomHue(factor: 0.5, valueRange: 0...1), [4, 5, 3], output: [4, 5, 3]),
        Case(RandomSharpness(factor: 0.5), [4, 5, 6], output: [4, 5, 6]),
        Case(RandomPosterization(factor: [2, 6]), [4, 5, 6], output: [4, 5, 6]),
        Case(Solarization(additionFactor: 0.1, thresholdFactor: [0.2, 0.3]), [4, 5, 6], output: [4, 5, 6]),
        Case(AutoContrast(valueRange: -1...1), [4, 5, 6], output: [4, 5, 6]),
        Case(Equalization(bins: 16), [4, 5, 6], output: [4, 5, 6]),
        Case(
            ContrastLimitedAdaptiveHistogramEqualization(clipLimit: 2, tileGridSize: [2, 3]),
            [4, 5, 6],
            output: [4, 5, 6]
        ),
        Case(RandomGaussianBlur(kernelSize: [5, 3], sigma: [0.5, 1]), [4, 5, 6], output: [4, 5, 6]),
        Case(RandomColorJitter(brightnessFactor: 0.2, hueFactor: 0.1), [4, 5, 3], output: [4, 5, 3]),
        Case(RandAugment(numOps: 3, factor: [0.1, 0.2], seed: 5), [4, 5, 3], output: [4, 5, 3]),
        Case(AugMix(numChains: 2, alpha: 0.5, allOps: false), [4, 5, 1], output: [4, 5, 1]),
        Case(
            Pipeline {
                RandomFlip(seed: 2)
                Pipeline(layers: [RandomCrop(height: 3, width: 2), AutoContrast()], name: "inner")
            },
            [4, 5, 6],
            output: [3, 2, 6]
        ),
        Case(Pipeline(layers: []), [4, 5, 6], output: [4, 5, 6]),
    ]
}
