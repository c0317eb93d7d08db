import CKernels

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
    var epilogue: (function: ck_activation, parameter: Float)? {
        switch self {
        case .softmax, .gelu, .silu: nil
        case .leakyReLU(let slope) where slope < 0: nil
        case .elu(let alpha) where alpha < 0: nil
        default: code
        }
    }

    /// Checks the parameter.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is not finite.
    package func validate() throws {
        guard code?.parameter.isFinite != false else {
            throw ConvNetError(
                .argument,
                "An activation's parameter is not finite",
                at: "activation",
                received: "\(self)"
            )
        }
    }
}
