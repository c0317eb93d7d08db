/// Compares a layer's gradients with difference quotients of its outputs, for those who write layers.
///
/// The layer runs as in training, on random inputs between -2 and 2 and with random parameters. What is differentiated is
/// `sum of outputs · R` with random R, added up in double precision. Each input and each trainable parameter is moved in some of its
/// elements, one at a time, and in three directions in which all elements move at once, so that no element goes unseen. The quotients are those of four
/// points, `(8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h`, whose error falls with h⁴: with float32 outputs they are right to some
/// 1e-5 of the largest. Where the layer has a kink near (a rectifier at 0, a maximum of equal elements), quotients of two steps differ, and
/// are left out; the report counts them.
///
/// - Parameters:
///   - layer: of any kind; dropout draws the same numbers in all runs.
///   - inputShapes: the shape of a sample of each input.
///   - batch: the number of samples. Default 3.
///   - seed: of inputs, parameters and R. Default 1.
///   - tolerance: the largest error that passes, as a share of the largest quotient. Default 1e-3: a hundred times the error of
///     the quotients themselves, and a tenth of one percent.
/// - Returns: the largest error of each input and parameter, and whether they pass.
/// - Throws: what the layer throws for such inputs.
public func checkGradients(
    of layer: some Layer,
    inputShapes: [Shape],
    batch: Int = 3,
    seed: UInt64 = 1,
    tolerance: Double = 1e-3
) throws -> GradientReport {
    let probe = try GradientProbe(layer, inputShapes: inputShapes, batch: batch, seed: seed)
    return GradientReport(entries: try probe.entries(tolerance: tolerance), tolerance: tolerance)
}

/// A model of one layer, its inputs, and what is known of them.
private struct GradientProbe {
    /// The step: its fourth power is far below the errors of float32 numbers divided by it.
    private static let step = 1.0 / 32
    private static let elementLimit = 24
    private static let directionCount = 3

    private let model: Model
    private let inputs: [Tensor]
    private let targets: Tensor
    private let recorder = PredictionRecorder()
    private let seed: UInt64

    init(_ layer: some Layer, inputShapes: [Shape], batch: Int, seed: UInt64) throws {
        guard batch >= 1, !inputShapes.isEmpty else {
            throw ConvNetError(
                .argument,
                "Gradients are checked on samples",
                at: "checkGradients",
                expected: "a batch of at least 1, and at least 1 input",
                received: "a batch of \(batch), \(inputShapes.count) inputs"
            )
        }
        self.seed = seed
        let entrances = inputShapes.enumerated().map { Input(shape: $1, name: "input_\($0)") }
        let outputs = layer.apply(entrances).map { Flatten()($0) }
        let output = outputs.count == 1 ? outputs[0] : Concatenate()(outputs)
        model = try Model(inputs: entrances, outputs: [output], seed: seed)
        var random = RandomStream(seed: seed, purpose: .user)
        inputs = try inputShapes.map { try Self.distinct($0.batched(batch), &random) }
        for entry in model.store.entries where entry.spec.isTrainable {
            // Near the first values, for a layer may rely on what they are like: scales around 1, say.
            let first = try model.store.tensor(entry)
            let moved = try Tensor(shape: first.shape) { values in
                for place in values.indices {
                    values[place] = first.elements[place] + random.uniform(in: -0.5..<0.5)
                }
            }
            try model.store.set(moved, for: entry)
        }
        // A sample's target is its place in the batch, then R for each element of its output.
        let count = model.outputShape.elementCount
        targets = try Tensor(shape: [batch, 1 + count]) { index in
            index[1] == 0 ? Float(index[0]) : random.uniform(in: -1..<1)
        }
        try model.compile(loss: WeightedSum(recorder: recorder))
    }

    /// Values in -2...2 of which no two are equal and none is 0: the middles of equal intervals, shuffled. So few are near a
    /// kink.
    private static func distinct(_ shape: Shape, _ random: inout RandomStream) throws -> Tensor {
        let count = try shape.validated(as: "inputShapes", minimum: 1).elementCount
        let intervals = (count + 1) / 2 * 2
        let step = 4 / Float(intervals)
        return try Tensor(
            random.permutation(of: intervals).prefix(count).map { (Float($0) + 0.5) * step - 2 },
            shape: shape
        )
    }

    func entries(tolerance: Double) throws -> [GradientReport.Entry] {
        let (_, gradients) = try run(inputs)
        var random = RandomStream(seed: seed, purpose: .user, 1)
        var entries: [GradientReport.Entry] = []
        for index in inputs.indices {
            guard let gradient = gradients.inputs["input_\(index)"] else { continue }
            entries.append(
                try entry("input \(index)", gradient, inputs[index], tolerance, &random) { moved in
                    var inputs = inputs
                    inputs[index] = moved
                    return try run(inputs).value
                }
            )
        }
        for parameter in model.store.entries {
            guard let gradient = gradients.parameters[parameter.name] else { continue }
            let values = try model.store.tensor(parameter)
            let name = parameter.spec.name
            entries.append(
                try entry(name, gradient, values, tolerance, &random) { moved in
                    try model.store.set(moved, for: parameter)
                    defer { try? model.store.set(values, for: parameter) }
                    return try run(inputs).value
                }
            )
        }
        return entries
    }

    /// The sum of outputs times R, and its gradients.
    private func run(_ inputs: [Tensor]) throws -> (value: Double, gradients: Gradients) {
        let parts = inputs.enumerated().map {
            (name: "input_\($0)", role: Field.Role.input, content: Targets.values($1))
        }
        let target = (name: model.outputNames[0], role: Field.Role.target, content: Targets.values(targets))
        let batch = targets.shape[0]
        let gradients = try model.gradients(
            TensorDataset(parts + [target]),
            // The engine divides by the number of samples.
            sampleWeight: Array(repeating: Float(batch), count: batch),
            includingSamples: true
        )
        return (recorder.sum(batch: batch), gradients)
    }

    private func entry(
        _ name: String,
        _ gradient: Tensor,
        _ values: Tensor,
        _ tolerance: Double,
        _ random: inout RandomStream,
        _ value: (Tensor) throws -> Double
    ) throws -> GradientReport.Entry {
        let found = gradient.elements.map(Double.init), count = found.count
        let middle = try value(values)
        /// The slope along a direction, and how much a kink changes it within a step.
        func slope(_ direction: (Int) -> Float) throws -> (slope: Double, kink: Double) {
            func at(_ distance: Double) throws -> Double {
                try value(
                    Tensor(
                        values.elements.enumerated().map { $1 + Float(distance) * direction($0) },
                        shape: values.shape
                    )
                )
            }
            /// The difference quotient; and that of the slopes on both sides, which falls with h unless there is a kink here.
            func quotients(_ h: Double) throws -> (slope: Double, bend: Double) {
                let right = try at(h), left = try at(-h)
                return ((right - left) / (2 * h), (right + left - 2 * middle) / h)
            }
            let far = try quotients(2 * Self.step), near = try quotients(Self.step)
            let nearest = try quotients(Self.step / 2)
            let slope = (4 * near.slope - far.slope) / 3, other = (4 * nearest.slope - near.slope) / 3
            return (slope, Swift.max(abs(slope - other), abs(2 * nearest.bend - near.bend)))
        }
        var pairs: [(found: Double, slope: Double, kink: Double)] = []
        for element in random.permutation(of: count).prefix(Self.elementLimit) {
            let quotient = try slope { $0 == element ? 1 : 0 }
            pairs.append((found[element], quotient.slope, quotient.kink))
        }
        for _ in 0..<Self.directionCount {
            // Shorter steps, for all elements move at once, but as long a way.
            let length = 1 / Float(count).squareRoot()
            let signs = (0..<count).map { _ in random.nextWord() & 1 == 0 ? length : -length }
            let expected = zip(found, signs).reduce(0) { $0 + $1.0 * Double($1.1) }
            let quotient = try slope { signs[$0] }
            pairs.append((expected, quotient.slope, quotient.kink))
        }
        let largest = max(pairs.map { abs($0.slope) }.max() ?? 0, 0.01)
        var worst = 0.0, kinks = 0
        for pair in pairs {
            // Rounding alone makes some 1e-5 where the slope itself is 0.
            if pair.kink > max(tolerance / 2 * largest, 2e-4) {
                kinks += 1
                continue
            }
            let error = abs(pair.found - pair.slope) / largest
            worst = error.isNaN ? .infinity : max(worst, error)
        }
        return .init(name: name, largestError: worst, comparisons: pairs.count - kinks, kinks: kinks)
    }
}

/// The predictions of a batch, each times its factor, in double precision.
private final class PredictionRecorder: Sendable {
    private let sums = Lock<[Int: Double]>([:])

    func record(_ sum: Double, of sample: Int) { sums.withLock { $0[sample] = sum } }

    /// In the order of the samples, for the order decides on the last bits.
    func sum(batch: Int) -> Double {
        sums.withLock { sums in (0..<batch).reduce(0) { $0 + (sums[$1] ?? .nan) } }
    }
}

/// The loss `sum of prediction · factor`. A sample's target is its place in the batch, then the factors.
private struct WeightedSum: Loss {
    static let kind = "WeightedSum"
    let recorder: PredictionRecorder

    init(recorder: PredictionRecorder) { self.recorder = recorder }
    init(from decoder: any Decoder) { recorder = PredictionRecorder() }
    func encode(to encoder: any Encoder) {}
    func validate(output: Shape, targets: TargetKind) {}

    func evaluate(_ sample: LossSample) -> Float {
        var sum = 0.0
        for (place, value) in sample.prediction.enumerated() {
            let factor = sample.target[1 + place]
            sum += Double(value) * Double(factor)
            sample.gradient?[place] = sample.scale * factor
        }
        recorder.record(sum, of: Int(sample.target[0]))
        return Float(sum)
    }
}
