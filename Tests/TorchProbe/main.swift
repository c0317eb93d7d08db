import ConvNetInterop
import Foundation
import SwiftConvNet

// For `Tests/Interop/torchvision_weights.py` and `torchvision_training.py`: networks that have torchvision's weights.
//
//     torch-probe predict NETWORK FOLDER   images.npy, weights.safetensors or weights.pt -> scores.npy, back.safetensors
//     torch-probe train NETWORK FOLDER BATCH RATE MOMENTUM
//                                          images.npy, labels.npy and weights.safetensors or model.onnx -> losses.npy,
//                                          and back.safetensors unless the network is an ONNX file's
//
// Images are [count, height, width, channels]; those of an ONNX file, NETWORK "onnx", have the channels first.

/// A network in torchvision's form, which puts out logits.
func network(_ name: String, _ shape: Shape, classes: Int) throws -> Model {
    switch name {
    case "resnet18":
        try Applications.resNet18(inputShape: shape, classes: classes, classifierActivation: .linear)
    case "resnet34":
        try Applications.resNet34(inputShape: shape, classes: classes, classifierActivation: .linear)
    case "resnet50":
        try Applications.resNet50(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            variant: .torchvision
        )
    case "resnet101":
        try Applications.resNet101(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            variant: .torchvision
        )
    case "mobilenet_v2":
        try Applications.mobileNetV2(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            variant: .torchvision
        )
    case "densenet121":
        try Applications.denseNet121(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            variant: .torchvision
        )
    case "vgg16":
        try Applications.vgg16(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            variant: .torchvision
        )
    case "vgg19":
        try Applications.vgg19(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            variant: .torchvision
        )
    case "mobilenet_v3_small":
        try Applications.mobileNetV3Small(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            includePreprocessing: false
        )
    case "mobilenet_v3_large":
        try Applications.mobileNetV3Large(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            includePreprocessing: false
        )
    case "convnext_tiny":
        try Applications.convNeXtTiny(
            inputShape: shape,
            classes: classes,
            classifierActivation: .linear,
            includePreprocessing: false
        )
    case "squeezenet1_1":
        try Applications.squeezeNet(inputShape: shape, classes: classes, classifierActivation: .linear)
    case "shufflenet_v2_x1_0":
        try Applications.shuffleNetV2(inputShape: shape, classes: classes, classifierActivation: .linear)
    default:
        throw ConvNetError(.argument, "Applications has no such network of torchvision", received: name)
    }
}

/// The network with the weights of a file, or that of an ONNX file.
func model(_ name: String, _ folder: String, _ shape: Shape) throws -> Model {
    if name == "onnx" { return try ONNXFile(contentsOf: folder + "/model.onnx").imported().model }
    let path = ["safetensors", "pt"].map { "\(folder)/weights.\($0)" }.first(where: exists) ?? folder
    let file = try PyTorchFile(contentsOf: path)
    let classes = file.entries.last { $0.shape.rank == 1 && isBiasOfClassifier($0.name) }?.shape[0] ?? 1000
    let model = try network(name, shape, classes: classes)
    print(try model.loadPyTorchWeights(from: file))
    return model
}

/// Whether an array is a bias of the classifier, which may have several layers; the last one's is as long as there are classes.
func isBiasOfClassifier(_ name: String) -> Bool {
    ["fc", "classifier"].contains(name.prefix { $0 != "." }) && name.hasSuffix(".bias")
}

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

func predict(_ name: String, _ folder: String) throws {
    let images = try Tensor(npy: folder + "/images.npy")
    let model = try model(name, folder, Shape(Array(images.shape.dropFirst())))
    try model.predict(images).saveNPY(to: folder + "/scores.npy")
    try model.savePyTorchWeights(to: folder + "/back.safetensors")
}

func train(_ name: String, _ folder: String, batchSize: Int, _ optimizer: SGD) throws {
    let images = try Tensor(npy: folder + "/images.npy")
    let labels = try NumPyFile(contentsOf: folder + "/labels.npy").labels
    let model = try model(name, folder, Shape(Array(images.shape.dropFirst())))
    try model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy(fromLogits: true))
    var losses: [Float] = []
    for start in stride(from: 0, to: images.shape[0], by: batchSize) {
        let range = start..<(start + batchSize)
        let values = try model.trainOnBatch(images.sliced(range), Labels(Array(labels.values[range])))
        losses.append(Float(values["loss"] ?? .nan))
    }
    try Tensor(losses).saveNPY(to: folder + "/losses.npy")
    if name != "onnx" { try model.savePyTorchWeights(to: folder + "/back.safetensors") }
}

/// A number among the arguments.
func number<Value: LosslessStringConvertible>(_ text: String) throws -> Value {
    guard let value = Value(text) else { throw ConvNetError(.argument, "Not a number", received: text) }
    return value
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch (arguments.first, arguments.count) {
    case ("predict", 3): try predict(arguments[1], arguments[2])
    case ("train", 6):
        try train(
            arguments[1],
            arguments[2],
            batchSize: number(arguments[3]),
            SGD(learningRate: LearningRate(number(arguments[4])), momentum: number(arguments[5]))
        )
    default:
        throw ConvNetError(
            .argument,
            "Not a call of torch-probe",
            expected: "predict NETWORK FOLDER, or train NETWORK FOLDER BATCH RATE MOMENTUM"
        )
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
