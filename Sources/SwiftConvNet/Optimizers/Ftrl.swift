import Foundation

/// Follows the leader with a regularization: each parameter is the best for all gradients so far, with penalties l1 and l2.
///
/// Source: McMahan and others, Ad click prediction: a view from the trenches, 2013; as Keras computes it.
public struct Ftrl: Optimizer {
    public static let kind = "Ftrl"
    public let learningRate: LearningRate
    /// How the rate falls with the sum of squares, at most 0.
    public let learningRatePower: Float
    /// What the sum of squares begins with, at least 0.
    public let initialAccumulatorValue: Float
    /// The penalty for absolute values, at least 0.
    public let l1RegularizationStrength: Float
    /// The penalty for squares, at least 0.
    public let l2RegularizationStrength: Float
    /// The penalty for squares that is part of each gradient, at least 0.
    public let l2ShrinkageRegularizationStrength: Float
    /// The beta of the paper, at least 0.
    public let beta: Float
    public let weightDecay: Float?
    public let clipping: GradientClipping?

    /// Ftrl with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        learningRatePower: Float = -0.5,
        initialAccumulatorValue: Float = 0.1,
        l1RegularizationStrength: Float = 0,
        l2RegularizationStrength: Float = 0,
        l2ShrinkageRegularizationStrength: Float = 0,
        beta: Float = 0,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) {
        self.learningRate = learningRate
        self.learningRatePower = learningRatePower
        self.initialAccumulatorValue = initialAccumulatorValue
        self.l1RegularizationStrength = l1RegularizationStrength
        self.l2RegularizationStrength = l2RegularizationStrength
        self.l2ShrinkageRegularizationStrength = l2ShrinkageRegularizationStrength
        self.beta = beta
        self.weightDecay = weightDecay
        self.clipping = clipping
    }

    public var slots: [String] { ["accumulator", "linear"] }

    public func initializeSlot(
        _ index: Int,
        _ values: UnsafeMutableBufferPointer<Float>,
        of parameter: UnsafeBufferPointer<Float>
    ) {
        if index == 0 { values.update(repeating: initialAccumulatorValue) }
    }

    public func validate() throws {
        try require(
            initialAccumulatorValue >= 0 && learningRatePower <= 0,
            "initialAccumulatorValue, learningRatePower",
            expected: "at least 0, at most 0",
            received: "\(initialAccumulatorValue), \(learningRatePower)"
        )
        try require(
            min(l1RegularizationStrength, l2RegularizationStrength, l2ShrinkageRegularizationStrength, beta)
                >= 0,
            "l1RegularizationStrength, l2RegularizationStrength, l2ShrinkageRegularizationStrength, beta",
            expected: "at least 0 each",
            received:
                "\(l1RegularizationStrength), \(l2RegularizationStrength), \(l2ShrinkageRegularizationStrength), \(beta)"
        )
    }

    public func update(_ part: OptimizerPart) {
        let sums = part.slot(0), linears = part.slot(1)
        let rate = Double(part.learningRate)
        let l1 = Double(l1RegularizationStrength), shrinkage = Double(l2ShrinkageRegularizationStrength)
        let l2 = Double(l2RegularizationStrength) + Double(beta) / (2 * rate)
        let power = -Double(learningRatePower)
        for index in 0..<part.count {
            let value = Double(part.parameters[index]), gradient = Double(part.gradients[index])
            let sum = Double(sums[index]), newSum = sum + gradient * gradient
            let raised = pow(newSum, power)
            let linear =
                Double(linears[index]) + gradient + 2 * shrinkage * value
                - (raised - pow(sum, power)) / rate * value
            let quadratic = raised / rate + 2 * l2
            part.parameters[index] = Float((min(max(linear, -l1), l1) - linear) / quadratic)
            linears[index] = Float(linear)
            sums[index] = Float(newSum)
        }
    }
}

extension Optimizer where Self == Ftrl {
    /// Ftrl with Keras' defaults: `Ftrl`.
    public static func ftrl(
        learningRate: LearningRate = 0.001,
        learningRatePower: Float = -0.5,
        initialAccumulatorValue: Float = 0.1,
        l1RegularizationStrength: Float = 0,
        l2RegularizationStrength: Float = 0,
        l2ShrinkageRegularizationStrength: Float = 0,
        beta: Float = 0,
        weightDecay: Float? = nil,
        clipping: GradientClipping? = nil
    ) -> Self {
        Ftrl(
            learningRate: learningRate,
            learningRatePower: learningRatePower,
            initialAccumulatorValue: initialAccumulatorValue,
            l1RegularizationStrength: l1RegularizationStrength,
            l2RegularizationStrength: l2RegularizationStrength,
            l2ShrinkageRegularizationStrength: l2ShrinkageRegularizationStrength,
            beta: beta,
            weightDecay: weightDecay,
            clipping: clipping
        )
    }
}
