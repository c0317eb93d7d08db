import SwiftConvNet

/// Compares the gradients that the engine computes with finite differences of an oracle in double precision.
///
/// The scalar that is differentiated is `sum of outputs · R` with random R. Of each tensor a random choice of elements
/// is compared (all, if there are few), and some directions in which all elements move at once, so that no element
/// goes unseen.
public struct GradientCheck {
    /// From samples and parameters to outputs, all with the batch axis first.
    public typealias Oracle = (ReferenceTensor, [String: ReferenceTensor]) -> ReferenceTensor

    /// What is wrong; empty if all agrees.
    public private(set) var problems: [String] = []
    /// The largest difference found, as a share of the tensor's largest value.
    public private(set) var worst = 0.0
    /// How many numbers have been compared.
    public private(set) var comparisons = 0

    /// In double precision: an error of 1e-12 by the third derivative, of about 1e-8 by rounding; and so small that
    /// hardly a rectifier changes sides in between.
    private static let step = 1e-6
    private static let elementLimit = 24
    private static let directionCount = 3
    /// Values are of the order of 1; what is smaller than this is compared as if it were this.
    private static let floor = 1e-2

    private let tolerance: Double
    private let oracle: Oracle
    private let samples: ReferenceTensor
    private let parameters: [String: ReferenceTensor]
    private let upstream: [Double]
    private let value: Double

    /// Runs a model and checks its outputs and gradients.
    ///
    /// - Parameters:
    ///   - model: of any layers.
    ///   - x: the samples, away from points where the oracle has no derivative.
    ///   - seed: of the factors R, and of the choice of elements.
    ///   - tolerance: the largest difference, as a share of the tensor's largest value. The engine's numbers have a
    ///     relative rounding error of 6e-8 each, and sums of a few hundred of them one of some 1e-6 of the largest; the
    ///     default leaves a factor of ten to that, and a hundred times less than the error of 1 % that must be found.
    ///   - oracle: what the model should compute.
    public init(
        _ model: Model,
        _ x: Tensor,
        seed: UInt64 = 1,
        tolerance: Double = 2e-5,
        oracle: @escaping Oracle
    ) throws {
        self.tolerance = tolerance
        self.oracle = oracle
        let factors = try TestValues.uniform(model.outputShape.batched(x.shape[0]), seed: seed &+ 7)
        samples = ReferenceTensor(x)
        parameters = try TestValues.parameters(of: model).mapValues(ReferenceTensor.init)
        upstream = factors.elements.map(Double.init)
        let outputs = oracle(samples, parameters)
        value = zip(outputs.elements, upstream).reduce(0) { $0 + $1.0 * $1.1 }
        let trainable = Set(model.parameters.filter(\.isTrainable).map(\.name))

        let pass = try TrainingPass(model, x, upstream: factors)
        guard outputs.shape == pass.outputs.shape.dimensions else {
            problems.append("outputs have the shape \(pass.outputs.shape), the oracle's \(outputs.shape)")
            return
        }
        compare("outputs", pass.outputs.elements.map(Double.init), outputs.elements)
        var random = RandomStream(seed: seed, purpose: .user, 1)
        checkGradient(of: "samples", pass.sampleGradient, &random) { [samples] change in
            var moved = samples
            change(&moved.elements)
            return (moved, nil)
        }
        for (name, tensor) in parameters.sorted(by: { $0.key < $1.key }) where trainable.contains(name) {
            guard let gradient = pass.parameterGradients[name] else {
                problems.append("\(name) has no gradient")
                continue
            }
            checkGradient(of: name, gradient, &random) { [samples] change in
                var moved = tensor
                change(&moved.elements)
                return (samples, (name, moved))
            }
        }
    }

    /// The scalar, with one tensor moved.
    private func value(_ x: ReferenceTensor, _ moved: (name: String, tensor: ReferenceTensor)?) -> Double {
        var parameters = parameters
        if let moved { parameters[moved.name] = moved.tensor }
        return zip(oracle(x, parameters).elements, upstream).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private mutating func checkGradient(
        of name: String,
        _ gradient: Tensor,
        _ random: inout RandomStream,
        _ move: ((inout [Double]) -> Void) -> (ReferenceTensor, (String, ReferenceTensor)?)
    ) {
        let found = gradient.elements.map(Double.init)
        /// The slope of the scalar along a direction.
        func slope(_ change: @escaping (inout [Double], Double) -> Void) -> (slope: Double, isSmooth: Bool) {
            let up = move { change(&$0, Self.step) }, down = move { change(&$0, -Self.step) }
            let right = (value(up.0, up.1) - value) / Self.step
            let left = (value - value(down.0, down.1)) / Self.step
            return ((right + left) / 2, abs(right - left) <= 1e-3 * max(abs(right), abs(left), 1))
        }
        let elements = Array(random.permutation(of: found.count).prefix(Self.elementLimit))
        let slopes = elements.map { element in slope { $0[element] += $1 } }
        compare(name, elements.map { found[$0] }, slopes.map(\.slope), places: elements)

        var hasKink = !slopes.allSatisfy(\.isSmooth)
        for direction in 0..<Self.directionCount {
            let signs = found.map { _ in random.nextWord() & 1 == 0 ? 1.0 : -1.0 }
            let (expected, isSmooth) = slope { for place in $0.indices { $0[place] += signs[place] * $1 } }
            let actual = zip(found, signs).reduce(0) { $0 + $1.0 * $1.1 }
            // The size of a random sum of the elements.
            let size = found.reduce(0) { $0 + $1 * $1 }.squareRoot()
            note(
                "\(name), direction \(direction)",
                actual,
                expected,
                scale: max(size, abs(expected), Self.floor)
            )
            hasKink = hasKink || !isSmooth
        }
        if hasKink { problems.append("\(name): the oracle has a kink here; take other samples") }
    }

    private mutating func compare(
        _ name: String,
        _ actual: [Double],
        _ expected: [Double],
        places: [Int]? = nil
    ) {
        let scale = max(expected.map(abs).max() ?? 0, Self.floor)
        for (index, pair) in zip(actual, expected).enumerated() {
            note("\(name)[\(places?[index] ?? index)]", pair.0, pair.1, scale: scale)
        }
    }

    private mutating func note(_ what: String, _ actual: Double, _ expected: Double, scale: Double) {
        comparisons += 1
        let error = abs(actual - expected) / scale
        worst = error.isNaN ? .infinity : max(worst, error)
        if !(error <= tolerance), problems.count < 5 {
            problems.append(
                "\(what) is \(actual), expected \(expected): an error of \(error) of the largest value"
            )
        }
    }
}
