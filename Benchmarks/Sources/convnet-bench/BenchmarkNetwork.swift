import ArgumentParser
import SwiftConvNet

/// The networks that are measured. Their layers have the names that the peers' scripts know.
package enum BenchmarkNetwork: String, ExpressibleByArgument, CaseIterable, Sendable {
    case mnist, vgg, resnet18
    case mobileNetV2 = "mobilenetv2"
    case resNet50 = "resnet50"

    /// The names, as options show them.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The shape of a picture.
    package var inputShape: Shape {
        switch self {
        case .mnist: [28, 28, 1]
        case .vgg: [32, 32, 3]
        case .resnet18, .mobileNetV2, .resNet50: [224, 224, 3]
        }
    }

    /// Whether pictures are ImageNet's: a step takes seconds, not milliseconds.
    package var isLarge: Bool {
        switch self {
        case .mnist, .vgg: false
        case .resnet18, .mobileNetV2, .resNet50: true
        }
    }

    package var classCount: Int { isLarge ? 1000 : 10 }

    /// The batch sizes of training.
    package var trainingBatches: [Int] {
        switch self {
        case .mnist: [32, 128, 512]
        case .vgg: [64]
        case .resnet18, .mobileNetV2, .resNet50: [16]
        }
    }

    /// The samples that a peer trains on, over and over: as many here, for the same use of caches.
    package var sampleCount: Int {
        switch self {
        case .mnist: 4096
        case .vgg: 256
        case .resnet18, .mobileNetV2, .resNet50: 32
        }
    }

    /// The network, compiled with Adam and cross-entropy.
    package func make(_ options: ComputeOptions, seed: UInt64 = 1) throws -> Model {
        let model: Model
        switch self {
        case .mnist: model = try makeMNIST(options, seed: seed)
        case .vgg: model = try makeVGG(options, seed: seed)
        case .resnet18: model = try makeResNet18(options, seed: seed)
        case .mobileNetV2: model = try makeMobileNetV2(options, seed: seed)
        case .resNet50: model = try makeResNet50(options, seed: seed)
        }
        try model.compile(
            optimizer: .adam(),
            loss: .sparseCategoricalCrossentropy(fromLogits: isLarge),
            metrics: [.accuracy]
        )
        return model
    }
}
