import CKernels

/// Steps of matrices by the momentum made orthogonal; the other parameters learn by AdamW.
///
/// A matrix' step has singular values near 1: five steps of a Newton-Schulz iteration, `X = a·X + (b·XXᵀ + c·(XXᵀ)²)·X`, bring them
/// there. Parameters with two axes are matrices, save those of a layer that `excludedLayers` names and, with `excludesEmbeddings`, those
/// of whose name "embedding" is a part.
///
/// Source: Jordan and others, Muon: an optimizer for hidden layers in neural networks, 2024; the scale of Liu and others, Muon is scalable
/// for LLM training, 2025. As Keras computes it.
public struct Muon: Optimizer {
    public static let kind = "Muon"
    public let learningRate: LearningRate
    /// How slowly AdamW's mean of gradients forgets, 0..<1.
    public let adamBeta1: Float
    /// How slowly AdamW's mean of squares forgets, 0..<1.
    public let adamBeta2: Float
    /// The weight decay of what AdamW changes.
    public let adamWeightDecay: Float?
    /// What AdamW adds to its root, at least 0.
    public let epsilon: Float
    /// The weight decay of the matrices.
    public let weightDecay: Float?
    public let clipping: GradientClipping?
    /// The names of layers, or parts of them, whose matrices learn by AdamW.
    public let excludedLayers: [String]
    /// Whether parameters whose name contains "embedding" learn by AdamW.
    public let excludesEmbeddings: Bool
    /// The coefficients a, b and c of the iteration.
    public let coefficients: [Float]
    /// What the learning rate is multiplied with for AdamW.
    public let adamLearningRateRatio: Float
    /// How much of the last step goes into the next, 0...1.
    public let momentum: Float
    /// The steps of the iteration, at least 1.
    public let newtonSchulzSteps: Int
    /// Whether the step looks ahead by the momentum that it will have.
    public let nesterov: Bool
    /// The root mean square of a step, for a rate of 1; `nil` for singular values of 1.
    public let rmsRate: Float?

    /// Muon with Keras' defaults.
    public init(
        learningRate: LearningRate = 0.001,
        adamBeta1: Float = 0.9,
        adamBeta2: Float = 0.999,
        adamWeightDecay: Float? = 0.004,
        epsilon: Float = 1e-7,
        weightDecay: Float? = 0.004,
        clipping: GradientClipping? = nil,
        excludedLayers: [String] = [],
        excludesEmbeddings: Bool = true,
        coefficients: [Float] = [3.4445, -4.775, 2.0315],
        adamLearningRateRatio: Float = 1,
        momentum: Float = 0.95,
        newtonSchulzSteps: Int = 5,
        nesterov: Bool = true,
        rmsRate: Float? = 0.2
    ) {
        self.learningRate = learningRate
        self.adamBeta1 = adamBeta1
        self.adamBeta2 = adamBeta2
        self.adamWeightDecay = adamWeightDecay
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.excludedLayers = excludedLayers
        self.excludesEmbeddings = excludesEmbeddings
        self.coefficients = coefficients
        self.adamLearningRateRatio = adamLearningRateRatio
        self.momentum = momentum
        self.newtonSchulzSteps = newtonSchulzSteps
        self.nesterov = nesterov
        self.rmsRate = rmsRate
    }

    public var slots: [String] { ["momentum", "velocity"] }
    public var granularity: OptimizerGranularity { .parameters }

    /// Matrices have no velocity.
    public func slotShape(_ index: Int, of parameter: OptimizedParameter) -> Shape? {
        index == 0 || !isMatrix(parameter) ? parameter.shape : nil
    }

    public func weightDecay(of parameter: OptimizedParameter) -> Float? {
        isMatrix(parameter) ? weightDecay : adamWeightDecay
    }

    /// Room for the matrix, for its next value, and for two products of its shorter side.
    public func scratchCount(for parameter: OptimizedParameter) -> Int {
        guard isMatrix(parameter) else { return 0 }
        let side = min(parameter.shape[0], parameter.shape[1])
        return 2 * parameter.shape.elementCount + 2 * side * side
    }

    public func validate() throws {
        try require(
            (0..<1).contains(adamBeta1) && (0..<1).contains(adamBeta2) && epsilon >= 0 && epsilon.isFinite,
            "adamBeta1, adamBeta2, epsilon",
            expected: "betas in 0..<1, epsilon of at least 0",
            received: "\(adamBeta1), \(adamBeta2), \(epsilon)"
        )
        try require(
            coefficients.count == 3 && newtonSchulzSteps >= 1 && (0...1).contains(momentum),
            "coefficients, newtonSchulzSteps, momentum",
            expected: "3 numbers, at least 1, 0...1",
            received: "\(coefficients), \(newtonSchulzSteps), \(momentum)"
        )
        try require(
            adamWeightDecay.map { $0 >= 0 && $0.isFinite } ?? true,
            "adamWeightDecay",
            expected: "a finite number of at least 0",
            received: "\(adamWeightDecay ?? 0)"
        )
    }

    public func update(_ part: OptimizerPart) {
        let mean = part.slot(0)
        guard part.existingSlot(1) == nil else { return updateByAdam(part) }
        // Mean and look-ahead in one pass: m = momentum · m + g, and momentum · m + g again.
        let rows = part.shape[0], columns = part.shape[1]
        let step = part.scratch
        ck_scale(mean, part.count, momentum)
        ck_add(part.gradients, mean, part.count)
        step.update(from: mean, count: part.count)
        if nesterov {
            ck_scale(step, part.count, momentum)
            ck_add(part.gradients, step, part.count)
        }
        let orthogonal = makeOrthogonal(part.scratch, rows: rows, columns: columns)
        let scale = rmsRate.map { $0 * Float(max(rows, columns)).squareRoot() } ?? 1
        ck_sgd(part.parameters, orthogonal, part.count, part.learningRate * scale)
    }

    private func updateByAdam(_ part: OptimizerPart) {
        ck_adam(
            part.parameters,
            part.gradients,
            part.slot(0),
            part.slot(1),
            nil,
            part.count,
            part.learningRate * adamLearningRateRatio
                * Adam.correction(step: part.step, beta1: adamBeta1, beta2: adamBeta2),
            adamBeta1,
            adamBeta2,
            epsilon
        )
    }

    private func isMatrix(_ parameter: OptimizedParameter) -> Bool {
        guard parameter.shape.rank == 2 else { return false }
        let isEmbedding = parameter.name.lowercased().contains("embedding")
        return !(excludesEmbeddings && isEmbedding)
            && !excludedLayers.contains { parameter.name.contains($0) }
    }

    /// Brings the singular values of a matrix near 1; the result lies in one of two halves of the memory.
    ///
    /// The products run on the thread at hand and take no memory of OpenBLAS, which only the engine's own work may.
    private func makeOrthogonal(
        _ memory: UnsafeMutablePointer<Float>,
        rows: Int,
        columns: Int
    ) -> UnsafeMutablePointer<Float> {
        let count = rows * columns, side = min(rows, columns), isTall = rows > columns
        var x = memory, next = memory + count
        let square = memory + 2 * count, fourth = square + side * side
        let norm = Float(ck_sum_of_squares(x, count).squareRoot()) + 1e-7
        ck_scale(x, count, 1 / norm)
        let (a, b, c) = (coefficients[0], coefficients[1], coefficients[2])
        for _ in 0..<newtonSchulzSteps {
            // Of the shorter side: XXᵀ of a wide matrix, XᵀX of a tall one, for the tall one is transposed in the formula.
            GEMMPath.simd.multiply(
                m: side,
                n: side,
                k: max(rows, columns),
                a: x,
                lda: columns,
                transposeA: isTall,
                b: x,
                ldb: columns,
                transposeB: !isTall,
                c: square,
                ldc: side
            )
            fourth.update(from: square, count: side * side)
            GEMMPath.simd.multiply(
                m: side,
                n: side,
                k: side,
                a: square,
                lda: side,
                b: square,
                ldb: side,
                c: fourth,
                ldc: side,
                alpha: c,
                beta: b
            )
            next.update(from: x, count: count)
            GEMMPath.simd.multiply(
                m: rows,
                n: columns,
                k: side,
                a: isTall ? x : fourth,
                lda: isTall ? columns : side,
                b: isTall ? fourth : x,
                ldb: isTall ? side : columns,
                c: next,
                ldc: columns,
                alpha: 1,
                beta: a
            )
            swap(&x, &next)
        }
        return x
    }
}

extension Optimizer where Self == Muon {
    /// Muon with Keras' defaults: `Muon`. The rarer settings are those of its initializer.
    public static func muon(
        learningRate: LearningRate = 0.001,
        adamWeightDecay: Float? = 0.004,
        weightDecay: Float? = 0.004,
        clipping: GradientClipping? = nil,
        excludedLayers: [String] = []
    ) -> Self {
        Muon(
            learningRate: learningRate,
            adamWeightDecay: adamWeightDecay,
            weightDecay: weightDecay,
            clipping: clipping,
            excludedLayers: excludedLayers
        )
    }
}
