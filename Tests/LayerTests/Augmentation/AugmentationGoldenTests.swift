import SwiftConvNet
import TestSupport
import Testing

@Suite("Augmentation: what transforms make of pictures by given parameters is what Keras makes")
struct AugmentationGoldenTests {
    /// What the transform of a case makes of its picture; `nil` for a layer that is not known.
    static func result(of golden: AugmentationGolden.Case, _ picture: GoldenTensor) throws -> [Float]? {
        let shape = Shape(picture.shape)
        switch golden.layer {
        case "RandomFlip":
            let mode = RandomFlip.Mode(rawValue: golden.config["mode"]?.text ?? "") ?? .horizontal
            return try changed(RandomFlip(mode: mode), picture, by: golden.isApplied)
        case "RandomRotation":
            let layer = RandomRotation(
                factor: 0.5,
                fillMode: golden.fillMode,
                interpolation: golden.interpolation,
                fillValue: golden.fillValue
            )
            let angle = golden.number("angle")
            return try changed(layer, picture, by: layer.rotation(degrees: angle, of: shape))
        case "RandomTranslation":
            let layer = RandomTranslation(
                heightFactor: 0.5,
                widthFactor: 0.5,
                fillMode: golden.fillMode,
                interpolation: golden.interpolation,
                fillValue: golden.fillValue
            )
            return try changed(
                layer,
                picture,
                by: Projection(a2: -golden.number("right"), b2: -golden.number("down"))
            )
        case "RandomZoom":
            let layer = RandomZoom(
                heightFactor: 0.5,
                fillMode: golden.fillMode,
                interpolation: golden.interpolation,
                fillValue: golden.fillValue
            )
            let zoom = layer.zoom(height: golden.number("height"), width: golden.number("width"), of: shape)
            return try changed(layer, picture, by: zoom)
        case "RandomShear":
            let layer = RandomShear(
                interpolation: golden.interpolation,
                fillMode: golden.fillMode,
                fillValue: golden.fillValue
            )
            return try changed(layer, picture, by: Projection(a1: golden.number("x"), b0: golden.number("y")))
        case "RandomCrop":
            let layer = RandomCrop(height: golden.integer("height"), width: golden.integer("width"))
            if golden.parameters["inference"] != nil {
                return try run(layer, picture, isTraining: false) { layer.transform($0) }
            }
            return try changed(
                layer,
                picture,
                by: (top: Int(golden.number("top")), left: Int(golden.number("left")))
            )
        case "RandomPerspective":
            let layer = RandomPerspective(
                scale: 0.8,
                interpolation: golden.interpolation,
                fillValue: golden.fillValue
            )
            var moves = SIMD8<Float>()
            for (index, value) in golden.numbers("factors").enumerated() { moves[index] = value }
            let map = layer.projection(moves, of: shape)
            return try changed(layer, picture, by: (isChanged: golden.isApplied, map: map))
        case "RandomElasticTransform":
            let layer = RandomElasticTransform(
                interpolation: golden.interpolation,
                fillMode: golden.fillMode,
                fillValue: golden.fillValue
            )
            let noise = golden.numbers("streams").flatMap {
                Golden.uniform(stream: UInt32($0), count: shape[0] * shape[1], limit: 1.7)
            }
            return try run(layer, picture) { context in
                for (place, value) in noise.enumerated() { context.scratch[place] = value }
                layer.distort(context, scale: golden.number("factor"))
            }
        default: return try colors(of: golden, picture)
        }
    }

    private static func colors(of golden: AugmentationGolden.Case, _ picture: GoldenTensor) throws -> [Float]?
    {
        let range = golden.valueRange
        switch golden.layer {
        case "RandomBrightness":
            return try changed(
                RandomBrightness(factor: 0.5, valueRange: range),
                picture,
                by: golden.number("delta")
            )
        case "RandomContrast":
            return try changed(
                RandomContrast(factor: 0.5, valueRange: range),
                picture,
                by: golden.number("factor")
            )
        case "RandomErasing":
            let fill = (golden.config["fill_value"]?.list ?? []).compactMap { $0.number.map { Float($0) } }
            let part: RandomErasing.Parameters = (
                isErased: golden.isApplied,
                top: golden.number("top"),
                bottom: golden.number("bottom"),
                left: golden.number("left"),
                right: golden.number("right"),
                noise: RandomStream(seed: 1, purpose: .user)
            )
            return try changed(RandomErasing(fillValue: fill), picture, by: part)
        default: return try furtherColors(of: golden, picture)
        }
    }

    private static func furtherColors(of golden: AugmentationGolden.Case, _ picture: GoldenTensor) throws
        -> [Float]?
    {
        let range = golden.valueRange, factor = golden.number("factor"), isApplied = golden.isApplied
        switch golden.layer {
        case "RandomInvert": return try changed(RandomInvert(valueRange: range), picture, by: isApplied)
        case "RandomGrayscale": return try changed(RandomGrayscale(), picture, by: isApplied)
        case "RandomColorDegeneration":
            return try changed(RandomColorDegeneration(factor: 1, valueRange: range), picture, by: factor)
        case "RandomSaturation":
            return try changed(RandomSaturation(factor: 1, valueRange: range), picture, by: factor)
        case "RandomHue": return try changed(RandomHue(factor: 1, valueRange: range), picture, by: factor)
        case "RandomSharpness":
            return try changed(RandomSharpness(factor: 1, valueRange: range), picture, by: factor)
        case "RandomPosterization":
            let bits = 8 - Int(golden.number("shift"))
            return try changed(RandomPosterization(factor: 8, valueRange: range), picture, by: bits)
        case "Solarization":
            return try changed(
                Solarization(valueRange: range),
                picture,
                by: (addition: golden.number("additions"), threshold: golden.number("thresholds"))
            )
        case "AutoContrast": return try changed(AutoContrast(valueRange: range), picture, by: ())
        case "Equalization":
            let bins = golden.config["bins"]?.integer ?? 256
            return try changed(Equalization(valueRange: range, bins: bins), picture, by: ())
        case "ContrastLimitedAdaptiveHistogramEqualization":
            let layer = ContrastLimitedAdaptiveHistogramEqualization(
                valueRange: range,
                clipLimit: Float(golden.config["clip_limit"]?.number ?? .nan),
                tileGridSize: golden.config["tile_grid_size"]?.size ?? 0
            )
            return try changed(layer, picture, by: ())
        case "RandomGaussianBlur":
            let sigma = golden.numbers("sigma")
            let layer = RandomGaussianBlur(
                kernelSize: golden.config["kernel_size"]?.size ?? 0,
                valueRange: range
            )
            return try changed(layer, picture, by: (isBlurred: isApplied, sigmaX: sigma[0], sigmaY: sigma[1]))
        default: return nil
        }
    }

    @Test func equalsKeras() throws {
        let golden: AugmentationGolden = try Golden.read("augmentation")
        let layers = Set(golden.cases.map(\.layer))
        var compared: Set<String> = []
        for layer in layers.sorted() {
            try Deviations.record("layers", layer) {
                for golden in golden.cases.filter({ $0.layer == layer }).map({ ($0, golden.arrays[$0.input]) }
                ) {
                    guard let result = try Self.result(of: golden.0, golden.1) else { continue }
                    let difference = relativeDifference(result, golden.0.output.values)
                    #expect(difference < 1e-5, "\(layer), \(golden.0.name)")
                    compared.insert(layer)
                }
            }
        }
        #expect(compared == layers)
    }
}
