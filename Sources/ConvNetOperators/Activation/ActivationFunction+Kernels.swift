import CKernels

extension ActivationFunction {
    /// How `CKernels` names the function, and its parameter; `nil` for functions that are not element-wise or have more
    /// than one parameter, which have kernels of their own.
    var code: (function: ck_activation, parameter: Float)? {
        switch self {
        case .linear: (CK_LINEAR, 0)
        case .relu: (CK_RELU, 0)
        case .sigmoid: (CK_SIGMOID, 0)
        case .tanh: (CK_TANH, 0)
        case .leakyReLU(let slope): (CK_LEAKY_RELU, slope)
        case .elu(let alpha): (CK_ELU, alpha)
        case .gelu(let approximate): (approximate ? CK_GELU_TANH : CK_GELU, 0)
        case .silu: (CK_SILU, 0)
        case .softplus: (CK_SOFTPLUS, 0)
        case .relu6: (CK_CAPPED_RELU, 6)
        case .clippedReLU(negativeSlope: 0, let maximum?, threshold: 0) where maximum > 0:
            (CK_CAPPED_RELU, maximum)
        case .selu: (CK_SELU, 0)
        case .celu(let alpha): (CK_CELU, alpha)
        case .logSigmoid: (CK_LOG_SIGMOID, 0)
        case .sparseSigmoid: (CK_SPARSE_SIGMOID, 0)
        case .hardSigmoid: (CK_HARD_SIGMOID, 0)
        case .hardTanh: (CK_HARD_TANH, 0)
        case .tanhShrink: (CK_TANH_SHRINK, 0)
        case .sparsePlus: (CK_SPARSE_PLUS, 0)
        case .squareplus(let b): (CK_SQUAREPLUS, b)
        case .softsign: (CK_SOFTSIGN, 0)
        case .hardSilu: (CK_HARD_SILU, 0)
        case .mish: (CK_MISH, 0)
        case .softShrink(let threshold): (CK_SOFT_SHRINK, threshold)
        case .hardShrink(let threshold): (CK_HARD_SHRINK, threshold)
        case .exponential: (CK_EXPONENTIAL, 0)
        case .softmax, .logSoftmax, .sparsemax, .glu, .clippedReLU, .threshold, .userDefined: nil
        }
    }

    /// The function as the epilogue of a layer that multiplies: element-wise, with a gradient that the output
    /// alone determines, so that nothing else has to be kept. `nil` if it must be a layer of its own.
    var epilogue: (function: ck_activation, parameter: Float)? {
        switch self {
        case .gelu, .silu, .hardTanh, .tanhShrink, .hardSilu, .mish: nil
        case .leakyReLU(let slope) where slope < 0: nil
        case .elu(let alpha) where alpha < 0: nil
        case .celu(let alpha) where alpha < 0: nil
        case .softShrink(let threshold) where threshold < 0: nil
        case .hardShrink(let threshold) where threshold < 0: nil
        default: code
        }
    }

    /// Checks the parameters.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if one is not finite, or out of its range.
    package func validate() throws {
        func require(_ isInRange: Bool, _ expected: String) throws {
            guard !isInRange else { return }
            throw ConvNetError(
                .argument,
                "An activation's parameter is out of its range",
                at: "activation",
                expected: expected,
                received: "\(self)"
            )
        }
        let parameters: [Float] =
            switch self {
            case .clippedReLU(let slope, let maximum, let threshold): [slope, maximum ?? 0, threshold]
            case .threshold(let threshold, let value): [threshold, value]
            default: [code?.parameter ?? 0]
            }
        guard parameters.allSatisfy(\.isFinite) else {
            throw ConvNetError(
                .argument,
                "An activation's parameter is not finite",
                at: "activation",
                received: "\(self)"
            )
        }
        switch self {
        case .clippedReLU(_, let maximum, let threshold):
            try require((maximum ?? 0) >= 0, "a maxValue of at least 0")
            try require(threshold >= 0, "a threshold of at least 0")
        case .celu(let alpha): try require(alpha != 0, "an alpha other than 0")
        case .squareplus(let b): try require(b >= 0, "a b of at least 0")
        default: break
        }
    }
}
