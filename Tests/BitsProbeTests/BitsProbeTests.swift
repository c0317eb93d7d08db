import SwiftConvNet
import TestSupport
import Testing

/// The probe that two builds are compared with: `CONTRIBUTING.md`, "Two builds, bit by bit".
@Suite("The bits probe")
struct BitsProbeTests {
    private static func run(_ arguments: String...) throws -> BuiltProgram.Run {
        let run = try BuiltProgram("bits-probe").run(arguments)
        #expect(run.code == 0, "\(run.errors)")
        return run
    }

    /// The fields of a line: `weights=…` and so on.
    private static func fields(_ line: Substring) -> [String: String] {
        let pairs = line.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) })
    }

    private static let laterLayers: Set<String> = [
        "ActivityRegularization", "AlphaDropout", "CategoryEncoding", "CenterCrop", "Cropping1D",
        "Cropping2D",
        "Cropping3D", "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "ELU", "GaussianDropout",
        "GaussianNoise", "GroupNormalization", "LeakyReLU", "Normalization", "PReLU",
        "Permute", "RMSNormalization", "RepeatVector", "Resizing", "SeparableConv1D", "SeparableConv2D",
        "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization",
        "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D", "Whitening", "ZeroPadding1D",
        "ZeroPadding3D",
        // Layers that change pictures at random.
        "AugMix", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "Equalization", "Pipeline",
        "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
        "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
        "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization",
        "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation",
        "RandomZoom", "Solarization",
    ]

    @Test("prints the same on 1 and 3 workers, four digests a line, and every kind of layer comes up")
    func sameOutput() throws {
        let one = try Self.run("--count", "40", "--threads", "1")
        let three = try Self.run("--count", "40", "--threads", "3")
        let lines = one.output.split(separator: "\n")
        #expect(lines == three.output.split(separator: "\n"))
        #expect(lines.count { $0.hasPrefix("random ") } == 40)
        #expect(lines.count { $0.hasPrefix("windows ") } == 60)
        #expect(lines.count { $0.hasPrefix("operators ") } == 60)
        #expect(lines.count { $0.hasPrefix("mnist ") } == 1)

        let fields = lines.map(Self.fields)
        for digest in ["weights", "history", "predictions", "gradients"] {
            let digests = fields.compactMap { $0[digest] }
            #expect(digests.allSatisfy { $0.count == 16 && $0.allSatisfy(\.isHexDigit) })
            // No two experiments leave the same numbers.
            #expect(Set(digests).count == lines.count, "\(digest)")
        }
        let layers = fields.map { Set(($0["layers"] ?? "").split(separator: ",").map(String.init)) }
        let missing = Set(BuiltInLayers.types.map { $0.kind }).subtracting(layers.reduce([]) { $0.union($1) })
        // The networks are drawn as they were, so that builds can be compared: what came later has same-bits tests of its own.
        #expect(missing == Self.laterLayers)
        for (fields, layers) in zip(fields, layers) {
            // An attention may drop, too.
            guard !layers.contains(MultiHeadAttention.kind) else { continue }
            #expect((fields["dropout"] == "yes") == layers.contains(Dropout.kind))
        }
    }

    @Test("one experiment prints the line that it has among the others, and its arrays if asked")
    func details() throws {
        let one = try Self.run("--only", "3", "--threads", "2", "--verbose")
        let first = try Self.run(
            "--count",
            "1",
            "--windows",
            "0",
            "--operators",
            "0",
            "--seed",
            "3",
            "--threads",
            "1"
        )
        let line = try #require(first.output.split(separator: "\n").last)
        #expect(one.output.split(separator: "\n").first == line)
        #expect(one.output.contains("weights: ") && one.output.contains("conv2d/kernel"))
        #expect(one.output.contains("Total params"))
    }

    @Test("an experiment that is not there is an error")
    func unknown() throws {
        #expect(try BuiltProgram("bits-probe").run(["--only", "lenet"]).code != 0)
    }
}
