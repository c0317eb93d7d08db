/// A function applied to every element; some functions are applied to every row along the last axis.
///
/// Names, defaults and formulas are Keras' (`keras.activations`). A layer takes one as its `activation`, and the layer
/// `Activation` is one on its own. All keep the shape but `glu`, which halves the last axis.
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
    /// min(max(x, 0), 6)
    case relu6
    /// maxValue where x >= maxValue, x where threshold < x < maxValue, else negativeSlope * (x - threshold). `nil` for no
    /// limit; maxValue and threshold are at least 0. See `relu(negativeSlope:maxValue:threshold:)`.
    case clippedReLU(negativeSlope: Float, maxValue: Float?, threshold: Float)
    /// scale * x where positive, else scale * alpha * (exp(x) - 1), with scale 1.0507009873554805 and alpha
    /// 1.6732632423543772 (Klambauer and others, Self-normalizing neural networks, 2017)
    case selu
    /// x where positive, else alpha * (exp(x / alpha) - 1); alpha is not 0
    case celu(alpha: Float = 1)
    /// x - log(sum of exp(x)), along the last axis
    case logSoftmax
    /// max(x - tau, 0), along the last axis, with the tau for which the sum is 1 (Martins and Astudillo, From softmax to
    /// sparsemax, 2016)
    case sparsemax
    /// -log(1 + exp(-x))
    case logSigmoid
    /// (x + 1) / 2, within 0...1
    case sparseSigmoid
    /// (x + 3) / 6, within 0...1
    case hardSigmoid
    /// x, within -1...1
    case hardTanh
    /// x - tanh(x)
    case tanhShrink
    /// 0 where x <= -1, x where x >= 1, (x + 1)² / 4 between
    case sparsePlus
    /// (x + sqrt(x² + b)) / 2; b is at least 0
    case squareplus(b: Float = 4)
    /// x / (1 + |x|)
    case softsign
    /// x times the hard sigmoid of x, also known as hard swish (Howard and others, Searching for MobileNetV3, 2019)
    case hardSilu
    /// a * sigmoid(b), a being the first half of the last axis and b the second: a layer with this activation has half as
    /// many outputs as it has units or filters (Dauphin and others, Language modeling with gated convolutional networks, 2016)
    case glu
    /// x * tanh(log(1 + exp(x)))
    case mish
    /// x - threshold where x > threshold, x + threshold where x < -threshold, else 0
    case softShrink(threshold: Float = 0.5)
    /// x where |x| > threshold, else 0
    case hardShrink(threshold: Float = 0.5)
    /// x where x > threshold, else `defaultValue`
    case threshold(threshold: Float, defaultValue: Float)
    /// exp(x)
    case exponential
    /// A function of a user; see `custom(_:)` and `custom(name:value:derivative:)`.
    case userDefined(UserActivation)
}

extension ActivationFunction {
    /// Keras' `relu` with its three arguments: `maxValue` where x >= `maxValue`, x where `threshold` < x < `maxValue`, else
    /// `negativeSlope` * (x - `threshold`).
    ///
    /// - Parameters:
    ///   - negativeSlope: the slope below the threshold. Default 0.
    ///   - maxValue: the largest output, at least 0; `nil`, the default, for no limit.
    ///   - threshold: where the function begins to pass its input, at least 0. Default 0.
    public static func relu(
        negativeSlope: Float = 0,
        maxValue: Float? = nil,
        threshold: Float = 0
    ) -> ActivationFunction {
        guard maxValue == nil, threshold == 0 else {
            return .clippedReLU(negativeSlope: negativeSlope, maxValue: maxValue, threshold: threshold)
        }
        return negativeSlope == 0 ? .relu : .leakyReLU(negativeSlope: negativeSlope)
    }

    /// `silu`, by its other name.
    public static var swish: ActivationFunction { .silu }

    /// `hardSilu`, by its other name.
    public static var hardSwish: ActivationFunction { .hardSilu }
}
