import ArgumentParser
import ConvNetInterop
import SwiftConvNet

/// A format of files that hold weights and no network.
enum WeightsFormat: String, ExpressibleByArgument, CaseIterable {
    /// PyTorch's `state_dict`, in a safetensors file.
    case pytorch
    /// Keras' `.weights.h5`.
    case kerasWeights = "keras-weights"

    /// The format of a path whose ending belongs to weights alone; `nil` if it does not.
    init?(endingOf path: String) {
        guard path.lowercased().hasSuffix(".weights.h5") else { return nil }
        self = .kerasWeights
    }

    /// What the format is called.
    var title: String {
        switch self {
        case .pytorch: "PyTorch's weights (--to pytorch)"
        case .kerasWeights: "Keras' weights (.weights.h5)"
        }
    }

    /// Writes a model's weights.
    ///
    /// - Throws: as `savePyTorchWeights` and `saveKerasWeights`.
    func save(_ model: Model, to path: String) throws {
        switch self {
        case .pytorch: try model.savePyTorchWeights(to: path)
        case .kerasWeights: try model.saveKerasWeights(to: path, includeOptimizer: false)
        }
    }
}
