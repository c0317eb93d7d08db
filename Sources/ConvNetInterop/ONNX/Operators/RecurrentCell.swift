import Foundation

/// Goes through sequences step by step, as ONNX' LSTM, GRU and RNN do.
///
/// Gates stand one after the other in the weights: of an LSTM input, output, forget and cell; of a GRU update, reset and hidden.
struct RecurrentCell: Sendable {
    enum Kind: Sendable { case lstm, gru, rnn }

    private let kind: Kind
    private let steps: Int, batch: Int, features: Int, units: Int, directions: Int
    private let isBatchFirst: Bool, isReversed: Bool, appliesResetLast: Bool, couplesGates: Bool
    private let clip: Float
    /// Those of all directions, one after the other.
    private let activations: [@Sendable (Float) -> Float]

    init(
        _ kind: Kind,
        _ node: ONNXNode,
        steps: Int,
        batch: Int,
        w: [Int],
        r: [Int],
        features: Int,
        isBatchFirst: Bool
    ) throws {
        let direction = node.text("direction", default: "forward")
        guard ["forward", "reverse", "bidirectional"].contains(direction) else {
            throw node.unsupported("The direction \(direction)")
        }
        let gates = kind == .lstm ? 4 : kind == .gru ? 3 : 1
        directions = direction == "bidirectional" ? 2 : 1
        guard w.count == 3, r.count == 3, w[0] == directions, r[0] == directions, r[2] > 0,
            w[1].isMultiple(of: gates), w[1] / gates == r[2], r[1] == w[1], w[2] == features
        else {
            throw ConvNetError(
                .shape,
                "The weights of a recurrent node do not fit",
                expected:
                    "\(directions) directions, \(gates) gates of all units, \(features) features, and units",
                received: "\(w) and \(r)"
            )
        }
        self.kind = kind
        self.steps = steps
        self.batch = batch
        self.features = features
        units = r[2]
        self.isBatchFirst = isBatchFirst
        isReversed = direction == "reverse"
        appliesResetLast = node.integer("linear_before_reset", default: 0) != 0
        couplesGates = node.integer("input_forget", default: 0) != 0
        clip = node.number("clip", default: .infinity)
        let defaults =
            kind == .lstm ? ["Sigmoid", "Tanh", "Tanh"] : kind == .gru ? ["Sigmoid", "Tanh"] : ["Tanh"]
        let names =
            node.settings.textLists["activations"]
            ?? Array(repeating: defaults, count: directions).flatMap { $0 }
        guard names.count == defaults.count * directions else {
            throw node.unsupported("The activations \(names)")
        }
        let alphas = node.settings.numberLists["activation_alpha"] ?? []
        let betas = node.settings.numberLists["activation_beta"] ?? []
        activations = try names.enumerated().map { index, name in
            let alpha = alphas.indices.contains(index) ? alphas[index] : nil
            let beta = betas.indices.contains(index) ? betas[index] : nil
            return try Self.activation(name, alpha, beta, node)
        }
    }

    /// The shape of an operand that may be left out; `nil` of one that the cell does not know.
    func dims(ofOperand index: Int) -> [Int]? {
        switch index {
        case 3: [directions, 2 * gates * units]
        case 4: [batch]
        case 5, 6: isBatchFirst ? [batch, directions, units] : [directions, batch, units]
        case 7: [directions, 3 * units]
        default: nil
        }
    }

    /// The shapes of all steps' states, of the last one, and of the last cell.
    var outputs: [Shape] {
        let all = isBatchFirst ? [batch, steps, directions, units] : [steps, directions, batch, units]
        let last = isBatchFirst ? [batch, directions, units] : [directions, batch, units]
        return [Shape(all), Shape(last)] + (kind == .lstm ? [Shape(last)] : [])
    }

    /// Gates, state and cell of one sequence.
    var scratch: Int { (gates + gates + 3) * units }

    private var gates: Int { kind == .lstm ? 4 : kind == .gru ? 3 : 1 }

    /// Runs all sequences in all directions.
    ///
    /// - Parameter places: of the operands that may be left out: bias 3, lengths 4, first state 5, first cell 6, peepholes 7.
    func run(_ memory: PlainOperator.Memory, _ places: [Int: Int]) {
        for direction in 0..<directions {
            for sequence in 0..<batch { run(memory, places, direction, sequence) }
        }
    }

    private func run(_ memory: PlainOperator.Memory, _ places: [Int: Int], _ direction: Int, _ sequence: Int)
    {
        let n = units
        let own = memory.scratch, recurrent = own + gates * n
        let state = recurrent + gates * n, cell = state + n, mixed = cell + n
        let w = memory.inputs[1] + direction * gates * n * features
        let r = memory.inputs[2] + direction * gates * n * n
        let bias = places[3].map { memory.inputs[$0] + direction * 2 * gates * n }
        let peepholes = places[7].map { memory.inputs[$0] + direction * 3 * n }
        let length = places[4].map { self.length(ofSequence: memory.inputs[$0][sequence]) } ?? steps
        let first =
            isBatchFirst ? (sequence * directions + direction) * n : (direction * batch + sequence) * n
        for unit in 0..<n {
            state[unit] = places[5].map { memory.inputs[$0][first + unit] } ?? 0
            cell[unit] = places[6].map { memory.inputs[$0][first + unit] } ?? 0
        }
        for step in 0..<steps {
            let isBackward = isReversed || direction == 1
            let time = isBackward && step < length ? length - 1 - step : step
            let output =
                isBatchFirst
                ? memory.outputs[0] + ((sequence * steps + time) * directions + direction) * n
                : memory.outputs[0] + ((time * directions + direction) * batch + sequence) * n
            guard step < length else {
                output.update(repeating: 0, count: n)
                continue
            }
            let x =
                memory.inputs[0] + (isBatchFirst ? sequence * steps + time : time * batch + sequence)
                * features
            for gate in 0..<(gates * n) {
                var sum = bias.map { $0[gate] } ?? 0
                for feature in 0..<features { sum += w[gate * features + feature] * x[feature] }
                own[gate] = sum
                var past = bias.map { $0[gates * n + gate] } ?? 0
                for unit in 0..<n { past += r[gate * n + unit] * state[unit] }
                recurrent[gate] = past
            }
            let f = { (index: Int) in activations[direction * activations.count / directions + index] }
            switch kind {
            case .rnn: for unit in 0..<n { state[unit] = f(0)(clipped(own[unit] + recurrent[unit])) }
            case .lstm:
                for unit in 0..<n {
                    let hole = { (index: Int) in peepholes.map { $0[index * n + unit] } ?? 0 }
                    let gate = { (index: Int) in own[index * n + unit] + recurrent[index * n + unit] }
                    let input = f(0)(clipped(gate(0) + hole(0) * cell[unit]))
                    let forget = couplesGates ? 1 - input : f(0)(clipped(gate(2) + hole(2) * cell[unit]))
                    cell[unit] = forget * cell[unit] + input * f(1)(clipped(gate(3)))
                    state[unit] = f(0)(clipped(gate(1) + hole(1) * cell[unit])) * f(2)(cell[unit])
                }
            case .gru:
                for unit in 0..<n { mixed[unit] = f(0)(clipped(own[n + unit] + recurrent[n + unit])) }
                if !appliesResetLast {
                    // The reset gate changes the state that the hidden gate reads.
                    for unit in 0..<n { own[n + unit] = mixed[unit] * state[unit] }
                    for unit in 0..<n {
                        var past = bias.map { $0[5 * n + unit] } ?? 0
                        for other in 0..<n { past += r[(2 * n + unit) * n + other] * own[n + other] }
                        recurrent[2 * n + unit] = past
                    }
                } else {
                    for unit in 0..<n { recurrent[2 * n + unit] *= mixed[unit] }
                }
                for unit in 0..<n {
                    let update = f(0)(clipped(own[unit] + recurrent[unit]))
                    let hidden = f(1)(clipped(own[2 * n + unit] + recurrent[2 * n + unit]))
                    state[unit] = (1 - update) * hidden + update * state[unit]
                }
            }
            output.update(from: state, count: n)
        }
        (memory.outputs[1] + first).update(from: state, count: n)
        if kind == .lstm { (memory.outputs[2] + first).update(from: cell, count: n) }
    }

    /// The steps of a sequence by a number from the data, which may be any: no more than there are.
    private func length(ofSequence number: Float) -> Int {
        min(max(Literal.integer(Double(number)), 0), steps)
    }

    private func clipped(_ x: Float) -> Float { min(max(x, -clip), clip) }

    private static func activation(
        _ name: String,
        _ alpha: Float?,
        _ beta: Float?,
        _ node: ONNXNode
    ) throws -> @Sendable (Float) -> Float {
        switch name.lowercased() {
        case "sigmoid": return { 1 / (1 + exp(-$0)) }
        case "tanh": return { tanh($0) }
        case "relu": return { max($0, 0) }
        case "leakyrelu":
            let slope = alpha ?? 0.01
            return { $0 < 0 ? slope * $0 : $0 }
        case "thresholdedrelu":
            let limit = alpha ?? 1
            return { $0 > limit ? $0 : 0 }
        case "affine":
            let (scale, offset) = (alpha ?? 1, beta ?? 0)
            return { scale * $0 + offset }
        case "hardsigmoid":
            let (scale, offset) = (alpha ?? 0.2, beta ?? 0.5)
            return { min(max(scale * $0 + offset, 0), 1) }
        case "scaledtanh":
            let (outer, inner) = (alpha ?? 1, beta ?? 1)
            return { outer * tanh(inner * $0) }
        case "elu":
            let scale = alpha ?? 1
            return { $0 < 0 ? scale * (exp($0) - 1) : $0 }
        case "softsign": return { $0 / (1 + abs($0)) }
        case "softplus": return { log(1 + exp($0)) }
        default: throw node.unsupported("The activation \(name)")
        }
    }
}
