import CKernels

/// A function of each element of one operand, or of the elements of two operands at the same place.
///
/// What has an operator of its own is not here: sums of several operands (`Sum`, which applies an activation besides), linear
/// functions of one operand (`Affine`, whose way back reads nothing), activations (`Activate`, which joins the operator
/// before it).
package enum ElementwiseFunction: Sendable, Hashable {
    /// Of one operand. `rsqrt` is 1 / sqrt(x), `reciprocal` 1 / x; the sign of 0 is 0.
    case exp, log, sqrt, rsqrt, abs, sin, cos, square, reciprocal, sign
    /// Of two operands. The gradient of a maximum or minimum of equal elements is all the first operand's, as in TensorFlow.
    case subtract, multiply, divide, maximum, minimum, power

    /// How `CKernels` names a function of one operand.
    var unary: ck_unary_function? {
        switch self {
        case .exp: CK_EXP
        case .log: CK_LOG
        case .sqrt: CK_SQRT
        case .rsqrt: CK_RSQRT
        case .abs: CK_ABS
        case .sin: CK_SIN
        case .cos: CK_COS
        case .square: CK_SQUARE
        case .reciprocal: CK_RECIPROCAL
        case .sign: CK_SIGN
        default: nil
        }
    }

    /// How `CKernels` names a function of two operands.
    var binary: ck_binary_function? {
        switch self {
        case .subtract: CK_SUBTRACT
        case .multiply: CK_MULTIPLY
        case .divide: CK_DIVIDE
        case .maximum: CK_MAXIMUM
        case .minimum: CK_MINIMUM
        case .power: CK_POWER
        default: nil
        }
    }

    /// The values that the backward pass reads.
    var backwardReads: BackwardReads {
        switch self {
        case .exp, .sqrt, .rsqrt, .reciprocal: .output
        case .sign, .subtract: []
        default: .inputs
        }
    }
}
