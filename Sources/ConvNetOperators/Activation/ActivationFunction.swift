import CKernels

/// A function applied to every element; softmax to every row along the last axis.
///
/// Names, defaults and formulas are Keras' (`keras.activations`).
public enum ActivationFunction: Sendable, Hashable, Codable {
    /// x
    case linear
    /// max(x, 0)
    case relu
    /// 1 / (1 + exp(-x))
    case sigmoid
    /// tanh(x)
    case tanh
    /// exp(x) / sum of exp(x), along the last axis
    case softmax
    /// x where positive, else `negativeSlope` times x; 0.2 is the default of Keras' function (its layer has 0.3)
    case leakyReLU(negativeSlope: Float = 0.2)
    /// x where positive, else alpha * (exp(x) - 1)
    case elu(alpha: Float = 1)
    /// x * Phi(x), Phi being the normal distribution's; by tanh if `approximate`
    case gelu(approximate: Bool = false)
    /// x / (1 + exp(-x)), also known as swish
    case silu
    /// log(1 + exp(x))
    case softplus
}

extension ActivationFunction {
    /// How `CKernels` names the function, and its parameter; `nil` for softmax, which is not element-wise.
    var code: (function: ck_activation, parameter: Float)? {
        switch self {
        case .linear: (CK_LINEAR, 0)
        case .relu: (CK_RELU, 0)
        case .sigmoid: (CK_SIGMOID, 0)
        case .tanh: (CK_TANH, 0)
        case .softmax: nil
        case .leakyReLU(let slope): (CK_LEAKY_RELU, slope)
        case .elu(let alpha): (CK_ELU, alpha)
        case .gelu(let approximate): (approximate ? CK_GELU_TANH : CK_GELU, 0)
        case .silu: (CK_SILU, 0)
        case .softplus: (CK_SOFTPLUS, 0)
        }
    }

    /// The function as the epilogue of a layer that multiplies: element-wise, with a gradient that the output
    /// alone determines, so that nothing else has to be kept. `nil` if it must be a layer of its own.
    package var epilogue: (function: ck_activation, parameter: Float)? {
        switch self {
        case .softmax, .gelu, .silu: nil
        case .leakyReLU(let slope) where slope < 0: nil
        case .elu(let alpha) where alpha < 0: nil
        default: code
        }
    }

    /// Whether a layer with this activation runs as two pieces, the layer without it and the function: where it
    /// cannot be an epilogue, and for sigmoid, so that a loss can start from the logits between the two. A sigmoid
    /// on the way through a model pays one more pass over its values for that.
    package var isPiece: Bool { epilogue == nil || self == .sigmoid }

    /// Checks the parameter.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is not finite.
    package func validate() throws {
        guard code?.parameter.isFinite != false else {
            throw ConvNetError(
                .argument, "An activation's parameter is not finite", at: "activation", received: "\(self)")
        }
    }
}
