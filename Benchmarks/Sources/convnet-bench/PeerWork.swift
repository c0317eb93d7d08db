/// What is done here and there.
enum PeerWork: String, CaseIterable {
    case trainMNIST = "train-mnist"
    case inferMNIST = "infer-mnist"
    case conv, layers
    case trainVGG = "train-vgg"
    case trainMobileNetV2 = "train-mobilenetv2"
    case trainResNet50 = "train-resnet50"
    case inferResNet18 = "infer-resnet18"
    /// Files of other libraries, in inference and from opening to the first prediction.
    case onnx
    case startup, memory
}

/// The other frameworks, each in the forms that it is used in.
enum PeerFramework: String, CaseIterable {
    case torch
    case torchChannelsLast = "torch-channels-last"
    case keras, tensorflow, jax, onnxruntime
    /// For `onnx` alone.
    case openvino
    /// For `startup` alone.
    case torchscript

    /// The end of its model files' names; Keras goes by it.
    var fileExtension: String {
        switch self {
        case .onnxruntime: "onnx"
        case .keras: "keras"
        default: rawValue
        }
    }

    /// Those that do some work, the likely fastest first.
    static func able(to work: PeerWork) -> [PeerFramework] {
        switch work {
        case .trainMNIST: [.torchChannelsLast, .torch, .keras, .tensorflow, .jax]
        case .inferMNIST: [.onnxruntime, .jax, .torchChannelsLast, .torch, .tensorflow, .keras]
        case .conv, .layers, .trainMobileNetV2, .trainResNet50: [.torchChannelsLast, .torch]
        case .trainVGG: [.torchChannelsLast, .torch, .keras, .tensorflow]
        case .inferResNet18: [.onnxruntime, .torchChannelsLast, .torch]
        case .onnx: [.onnxruntime, .openvino]
        case .startup: [.onnxruntime, .torchscript, .torch, .keras]
        case .memory: [.torchChannelsLast, .torch, .keras, .tensorflow, .jax]
        }
    }
}
