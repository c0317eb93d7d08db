import SwiftConvNet

/// A network of `Applications` that is known by its name.
struct KnownApplication: Sendable {
    let name: String
    /// The shape of a sample, unless data say otherwise.
    let shape: Shape
    /// Makes it for a shape and a number of classes, in a form if it has several, from a seed.
    let make: Maker

    typealias Maker =
        @Sendable (Shape, Int, Applications.Variant, UInt64, ComputeOptions) throws -> Model

    private init(_ name: String, _ shape: Shape, _ make: @escaping Maker) {
        self.name = name
        self.shape = shape
        self.make = make
    }

    private static let photo: Shape = [224, 224, 3]

    static let all: [KnownApplication] = [
        .init("convnext-tiny", photo) {
            try Applications.convNeXtTiny(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("densenet121", photo) {
            try Applications.denseNet121(inputShape: $0, classes: $1, variant: $2, seed: $3, options: $4)
        },
        .init("efficientnet-b0", photo) {
            try Applications.efficientNetB0(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("efficientnet-b1", [240, 240, 3]) {
            try Applications.efficientNetB1(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("efficientnet-b2", [260, 260, 3]) {
            try Applications.efficientNetB2(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("efficientnet-b3", [300, 300, 3]) {
            try Applications.efficientNetB3(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("inception-v3", [299, 299, 3]) {
            try Applications.inceptionV3(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("lenet5", [32, 32, 1]) {
            try Applications.leNet5(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("mobilenet", photo) {
            try Applications.mobileNet(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("mobilenet-v2", photo) {
            try Applications.mobileNetV2(inputShape: $0, classes: $1, variant: $2, seed: $3, options: $4)
        },
        .init("mobilenet-v3-large", photo) {
            try Applications.mobileNetV3Large(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("mobilenet-v3-small", photo) {
            try Applications.mobileNetV3Small(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("resnet18", photo) {
            try Applications.resNet18(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("resnet34", photo) {
            try Applications.resNet34(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("resnet50", photo) {
            try Applications.resNet50(inputShape: $0, classes: $1, variant: $2, seed: $3, options: $4)
        },
        .init("resnet101", photo) {
            try Applications.resNet101(inputShape: $0, classes: $1, variant: $2, seed: $3, options: $4)
        },
        .init("shufflenet-v2", photo) {
            try Applications.shuffleNetV2(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("squeezenet", photo) {
            try Applications.squeezeNet(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("unet", [256, 256, 3]) {
            try Applications.uNet(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("vgg16", photo) {
            try Applications.vgg16(inputShape: $0, classes: $1, variant: $2, seed: $3, options: $4)
        },
        .init("vgg19", photo) {
            try Applications.vgg19(inputShape: $0, classes: $1, variant: $2, seed: $3, options: $4)
        },
        .init("vision-transformer", photo) {
            try Applications.visionTransformer(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
        .init("xception", [299, 299, 3]) {
            try Applications.xception(inputShape: $0, classes: $1, seed: $3, options: $4)
        },
    ]

    /// The number of classes unless something says otherwise: digits, what a pixel is of or not, or those of ImageNet.
    var classes: Int {
        switch name {
        case "lenet5": 10
        case "unet": 2
        default: 1000
        }
    }

    /// The error for a model that is neither a file nor a network.
    static func unknown(_ name: String) -> ConvNetError {
        ConvNetError(
            .argument,
            "There is neither a file nor a network of this name",
            at: "the model",
            expected: "a file, or one of \(all.map(\.name).joined(separator: ", "))",
            received: "\"\(name)\""
        )
    }

    /// The network of a name, in which neither case nor hyphens count: `ResNet18`.
    init?(named name: String) {
        func plain(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" } }
        guard let found = Self.all.first(where: { plain($0.name) == plain(name) }) else { return nil }
        self = found
    }
}
