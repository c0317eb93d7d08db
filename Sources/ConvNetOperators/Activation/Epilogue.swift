import CKernels

/// The activation at the end of a layer: applied while its values are in the cache, undone from the output alone.
struct Epilogue: Sendable {
    let function: ck_activation
    let parameter: Float

    /// - Precondition: the function has a code; in a plan with a backward pass, it can be an epilogue there.
    init(_ activation: ActivationFunction) {
        guard let code = activation.code else {
            preconditionFailure("\(activation) has a kernel of its own")
        }
        (function, parameter) = code
    }

    var isLinear: Bool { function == CK_LINEAR }

    /// y = f(y + bias), for rows of channels, in place.
    func apply(
        _ values: UnsafeMutablePointer<Float>,
        bias: UnsafePointer<Float>?,
        rows: Int,
        channels: Int
    ) {
        if isLinear, bias == nil { return }
        ck_bias_activate(values, bias, rows, channels, function, parameter)
    }

    /// dy *= f'(x), from y, in place.
    func backward(_ y: UnsafePointer<Float>, _ dy: UnsafeMutablePointer<Float>, count: Int) {
        if !isLinear { ck_activate_backward_from_output(y, dy, count, function, parameter) }
    }

    /// y = f(factor · x + shift), for rows of channels.
    func normalize(
        _ x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>,
        rows: Int,
        channels: Int,
        factor: UnsafePointer<Float>,
        shift: UnsafePointer<Float>
    ) {
        // A few rows at a time, so that the function finds them in the first-level cache.
        let step = isLinear ? rows : max(1, 2048 / channels)
        for row in stride(from: 0, to: rows, by: max(step, 1)) {
            let count = min(step, rows - row), place = row * channels
            ck_channel_affine(x + place, y + place, count, channels, factor, shift)
            apply(y + place, bias: nil, rows: count, channels: channels)
        }
    }
}

/// A kernel with an activation at its end: its backward pass undoes that in the gradient of the output.
protocol EpilogueKernel: Kernel {
    var activation: Epilogue { get }
}

extension EpilogueKernel {
    var backwardReads: BackwardReads { activation.isLinear ? .inputs : [.inputs, .output] }
    var changesOutputGradient: Bool { !activation.isLinear }
}
