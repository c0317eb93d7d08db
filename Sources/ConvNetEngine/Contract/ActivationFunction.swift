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
