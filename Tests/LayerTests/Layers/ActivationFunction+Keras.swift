import SwiftConvNet

extension ActivationFunction {
    /// The function that Keras calls by a name, with its defaults; `nil` for a name that is not known.
    init?(keras name: String) {
        switch name {
        case "linear": self = .linear
        case "relu": self = .relu
        case "sigmoid": self = .sigmoid
        case "tanh": self = .tanh
        case "softmax": self = .softmax
        case "elu": self = .elu()
        case "gelu": self = .gelu()
        case "silu": self = .silu
        case "softplus": self = .softplus
        case "relu6": self = .relu6
        case "selu": self = .selu
        case "celu": self = .celu()
        case "log_softmax": self = .logSoftmax
        case "sparsemax": self = .sparsemax
        case "log_sigmoid": self = .logSigmoid
        case "sparse_sigmoid": self = .sparseSigmoid
        case "hard_sigmoid": self = .hardSigmoid
        case "hard_tanh": self = .hardTanh
        case "tanh_shrink": self = .tanhShrink
        case "sparse_plus": self = .sparsePlus
        case "squareplus": self = .squareplus()
        case "softsign": self = .softsign
        case "hard_silu": self = .hardSilu
        case "glu": self = .glu
        case "mish": self = .mish
        case "soft_shrink": self = .softShrink()
        case "hard_shrink": self = .hardShrink()
        case "exponential": self = .exponential
        case "leaky_relu": self = .leakyReLU()
        default: return nil
        }
    }
}
