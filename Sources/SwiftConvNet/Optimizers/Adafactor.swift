import CKernels
import Foundation

/// Adam that keeps, of a matrix's mean squares, one number for each row and each column: for models whose optimizer would not fit
/// the memory.
///
/// The last two axes of a parameter are its rows and columns; one with a single axis keeps a number for each element.
///
/// Source: Shazeer and Stern, Adafactor: adaptive learning rates with sublinear memory cost, 2018; as Keras computes it, save that
/// the mean squares are not kept as a whole besides.
public struct Adafactor: Optimizer {
    public static let kind = "Adafactor"
    public let learningRate: LearningRate
    /// How the means' weight falls with the steps, at most 0: they keep `1 - step ^ beta2Decay`.
    public let beta2Decay: Float
    /// What is added to the squares, at least 0.
    public let epsilon1: Float
    /// The smallest scale of a parameter, at least 0.
    public let epsilon2: Float
    /// The largest root mean square of a step before it is scaled, above 0.
    public let clipThreshold: Float
    /// Whether the rate is at most one by the root of the step's number.
    public let relativeStep: Bool
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Adafactor with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        beta2Decay: Float = -0.8,
        epsilon1: Float = 1e-30,
        epsilon2: Float = 1e-3,
        clipThreshold: Float = 1,
        relativeStep: Bool = true,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.beta2Decay = beta2Decay
        self.epsilon1 = epsilon1
        self.epsilon2 = epsilon2
        self.clipThreshold = clipThreshold
        self.relativeStep = relativeStep
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["r", "c", "velocity"] }
    public var granularity: OptimizerGranularity { .parameters }

    /// Rows and columns of matrices; the velocity of the others.
    public func slotShape(_ index: Int, of parameter: OptimizedParameter) -> Shape? {
        let sizes = parameter.shape.dimensions
        guard sizes.count >= 2 else { return index == 2 ? parameter.shape : nil }
        switch index {
        case 0: return Shape(Array(sizes.dropLast()))
        case 1: return Shape(Array(sizes.dropLast(2)) + [sizes[sizes.count - 1]])
        default: return nil
        }
    }

    public func scratchCount(for parameter: OptimizedParameter) -> Int { parameter.shape.elementCount }

    public func validate() throws {
        try require(
            beta2Decay <= 0 && epsilon1 >= 0 && epsilon2 >= 0 && clipThreshold > 0,
            "beta2Decay, epsilon1, epsilon2, clipThreshold",
            expected: "at most 0, at least 0, at least 0, above 0",
            received: "\(beta2Decay), \(epsilon1), \(epsilon2), \(clipThreshold)"
        )
    }

    public func update(_ part: OptimizerPart) {
        let count = part.count, step = Double(part.step)
        let kept = 1 - pow(step, Double(beta2Decay))
        let root = (1 / step).squareRoot()
        // A schedule is never limited, as in Keras; with a number both limits are the same.
        var rate = Double(part.learningRate)
        if learningRate.constant != nil, relativeStep { rate = min(rate, root) }
        let deviation = (ck_sum_of_squares(part.parameters, count) / Double(count)).squareRoot()
        let scale = max(Double(epsilon2), deviation) * min(rate, root)
        if let velocity = part.existingSlot(2) {
            for index in 0..<count {
                let square = Double(part.gradients[index]) * Double(part.gradients[index]) + Double(epsilon1)
                velocity[index] = Float(kept * Double(velocity[index]) + (1 - kept) * square)
                part.scratch[index] = part.gradients[index] / velocity[index].squareRoot()
            }
        } else {
            factoredStep(part, kept)
        }
        let size = (ck_sum_of_squares(part.scratch, count) / Double(count)).squareRoot()
        let limited = scale / max(1, size / Double(clipThreshold))
        ck_sgd(part.parameters, part.scratch, count, Float(limited))
    }

    /// Divides the gradients of matrices by the roots of the products of their rows' and columns' means.
    private func factoredStep(_ part: OptimizerPart, _ kept: Double) {
        let rows = part.shape[part.shape.rank - 2], columns = part.shape[part.shape.rank - 1]
        for matrix in 0..<(part.count / max(rows * columns, 1)) {
            let gradients = part.gradients + matrix * rows * columns
            let step = part.scratch + matrix * rows * columns
            let rowMeans = part.slot(0) + matrix * rows, columnMeans = part.slot(1) + matrix * columns
            func square(_ row: Int, _ column: Int) -> Double {
                let gradient = Double(gradients[row * columns + column])
                return gradient * gradient + Double(epsilon1)
            }
            func move(_ mean: inout Float, to sum: Double, of count: Int) {
                mean = Float(kept * Double(mean) + (1 - kept) * sum / Double(count))
            }
            var total = 0.0
            for row in 0..<rows {
                var sum = 0.0
                for column in 0..<columns { sum += square(row, column) }
                move(&rowMeans[row], to: sum, of: columns)
                total += Double(rowMeans[row])
            }
            for column in 0..<columns {
                var sum = 0.0
                for row in 0..<rows { sum += square(row, column) }
                move(&columnMeans[column], to: sum, of: rows)
            }
            let mean = total / Double(rows)
            for row in 0..<rows {
                let factor = Double(rowMeans[row]) / mean
                for column in 0..<columns {
                    let velocity = factor * Double(columnMeans[column])
                    let place = row * columns + column
                    step[place] = Float(Double(gradients[place]) / velocity.squareRoot())
                }
            }
        }
    }
}

extension Optimizer where Self == Adafactor {
    /// Adafactor with Keras' defaults: `Adafactor`.
    public static func adafactor(
        learningRate: LearningRate = 0.001,
        beta2Decay: Float = -0.8,
        epsilon1: Float = 1e-30,
        epsilon2: Float = 1e-3,
        clipThreshold: Float = 1,
        relativeStep: Bool = true,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Adafactor(
            learningRate: learningRate,
            beta2Decay: beta2Decay,
            epsilon1: epsilon1,
            epsilon2: epsilon2,
            clipThreshold: clipThreshold,
            relativeStep: relativeStep,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
