import BenchmarkCore
import ConvNetInterop
import Foundation
import SwiftConvNet

/// One of the ONNX files of `Peers/onnx_models.py`, which every side opens: a network of torchvision with random weights.
enum ONNXModel: String, CaseIterable {
    case resNet18 = "resnet18"
    case resNet50 = "resnet50"
    case mobileNetV2 = "mobilenet_v2"
    case efficientNetB0 = "efficientnet_b0"
    case squeezeNet = "squeezenet1_1"

    /// The shape of a sample: [channels, height, width].
    static let image: Shape = [3, 224, 224]
    /// From how many samples batches are taken, here and by the peers.
    static let sampleCount = 32

    /// The file in a folder.
    func file(in folder: String) -> String { "\(folder)/\(rawValue).onnx" }

    /// Our network of the file.
    func model(in folder: String, _ options: ComputeOptions) throws -> Model {
        try Model.load(onnx: file(in: folder), options: ONNXOptions(compute: options))
    }

    /// What the row of a table is called: the name, and the size of the file.
    func title(in folder: String) throws -> String {
        let size = try FileManager.default.attributesOfItem(atPath: file(in: folder))[.size] as? Int
        return "\(rawValue), \(Quantity.megabytes.text(Double(size ?? 0) / 1e6)) MB"
    }

    /// Images `[samples, height, width, channels]`, as peers read them from files, as these networks take them.
    static func channelsFirst(_ images: Tensor) throws -> Tensor {
        let channels = image[0], positions = image[1] * image[2]
        let values = images.elements
        return try Tensor(shape: image.batched(images.shape[0])) { result in
            for place in result.indices {
                let sample = place / (channels * positions), channel = place / positions % channels
                result[place] = values[(sample * positions + place % positions) * channels + channel]
            }
        }
    }
}
