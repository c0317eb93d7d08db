import SwiftConvNet
import TestSupport
import Testing

/// `updates.json`: twenty steps with given gradients.
private struct UpdateGoldens: Decodable {
    struct OptimizerCase: Decodable, CustomTestStringConvertible {
        let optimizer: String
        let config: [String: Golden.Argument]
        let excluded: [String]
        let steps: [[GoldenTensor]]
        let final: [GoldenTensor]

        var testDescription: String { "\(optimizer) \(config)" }
    }

    struct ScheduleCase: Decodable, CustomTestStringConvertible {
        let schedule: String
        let config: [String: Golden.Argument]
        let rates: [Float]
        let steps: [[GoldenTensor]]
        let final: [GoldenTensor]

        var testDescription: String { "\(schedule) \(config)" }
    }

    let kept: [Int]
    let initial: [GoldenTensor]
    let gradients: [[GoldenTensor]]
    let optimizers: [OptimizerCase]
    let schedules: [ScheduleCase]

    static let all = try? Golden.read("updates", as: UpdateGoldens.self)
}

/// Keras' arguments, each to be taken once.
private struct Arguments {
    private(set) var rest: [String: Golden.Argument]

    init(_ config: [String: Golden.Argument]) { rest = config }

    mutating func number(_ name: String) -> Float? {
        rest.removeValue(forKey: name)?.number.map { Float($0) }
    }
    mutating func integer(_ name: String) -> Int? { rest.removeValue(forKey: name)?.integer }
    mutating func flag(_ name: String) -> Bool? { rest.removeValue(forKey: name)?.flag }
    mutating func list(_ name: String) -> [Golden.Argument]? { rest.removeValue(forKey: name)?.list }
    mutating func text(_ name: String) -> [String]? { list(name)?.compactMap(\.text) }

    mutating func clipping() -> GradientClipping? {
        number("clipnorm").map { .norm($0) } ?? number("global_clipnorm").map { .globalNorm($0) }
    }
}

@Suite("Updates: the same as Keras")
struct UpdateGoldenTests {
    @Test func casesAreThere() throws {
        let all = try #require(UpdateGoldens.all)
        #expect(all.optimizers.count == 27 && all.schedules.count == 11)
    }

    @Test("optimizers, accumulation, averages and decay", arguments: UpdateGoldens.all?.optimizers ?? [])
    private func optimizer(_ golden: UpdateGoldens.OptimizerCase) throws {
        let (optimizer, rule) = try swift(golden)
        // Lion's steps have the size of the rate whatever the gradient, and Keras' own float32 is the other party.
        try Deviations.record("optimizers", golden.optimizer) {
            try follow(optimizer, rule, golden.steps, golden.final)
        }
    }

    @Test("schedules", arguments: UpdateGoldens.all?.schedules ?? [])
    private func schedule(_ golden: UpdateGoldens.ScheduleCase) throws {
        let rate = try swift(golden)
        for (step, expected) in golden.rates.enumerated() {
            // Keras computes in float32: a cosine near its end is a difference of numbers near 1.
            #expect(abs(rate(step: step) - expected) <= 1e-6 * abs(expected) + 1e-8, "step \(step)")
        }
        try Deviations.record("schedules", golden.schedule) {
            _ = relativeDifference(golden.rates.indices.map { rate(step: $0) }, golden.rates)
            try follow(.sgd(learningRate: rate), UpdateRule(), golden.steps, golden.final)
        }
    }

    private func follow(
        _ optimizer: any Optimizer,
        _ rule: UpdateRule,
        _ expected: [[GoldenTensor]],
        _ final: [GoldenTensor]
    ) throws {
        let goldens = try #require(UpdateGoldens.all)
        let names = goldens.initial.indices.map { "variables/variable\($0)" }
        let layer = Variables(shapes: goldens.initial.map { Shape($0.shape) })
        let model = try Sequential(inputShape: [1], layers: [layer])
        for (name, value) in zip(names, goldens.initial) { try model.set(name, value.tensor()) }
        try model.compile(optimizer: optimizer, loss: .mse(), update: rule)
        func expectEqual(_ values: [GoldenTensor], _ what: String) throws {
            for (name, value) in zip(names, values) {
                let difference = try relativeDifference(model.value(name).elements, value.values)
                // Both sides compute twenty steps in float32.
                #expect(difference < 1e-5, "\(what), \(name)")
            }
        }
        var gradients = try model.gradients(Tensor([1], shape: [1, 1]), Tensor([1], shape: [1, 1]))
        for (step, values) in goldens.gradients.enumerated() {
            for (name, value) in zip(names, values) { gradients.parameters[name] = try value.tensor() }
            try model.apply(gradients)
            guard let index = goldens.kept.firstIndex(of: step + 1) else { continue }
            try expectEqual(expected[index], "step \(step + 1)")
        }
        model.finishAverages()
        try expectEqual(final, "the end")
    }

    private func swift(_ golden: UpdateGoldens.OptimizerCase) throws -> (any Optimizer, UpdateRule) {
        var take = Arguments(golden.config)
        let accumulated = take.integer("gradient_accumulation_steps") ?? 1
        let momentum = take.number("ema_momentum") ?? 0.99, every = take.integer("ema_overwrite_frequency")
        let rule = UpdateRule(
            accumulatedBatches: accumulated,
            averageMomentum: take.flag("use_ema") == true ? momentum : nil,
            overwritesEvery: every,
            groups: golden.excluded.isEmpty ? [] : [.init(parameters: ["variable1"], decays: false)]
        )
        let clipping = take.clipping()
        let rate = take.number("learning_rate").map { LearningRate($0) }
        let decay = take.number("weight_decay"), epsilon = take.number("epsilon") ?? 1e-7
        let beta1 = take.number("beta_1") ?? 0.9, beta2 = take.number("beta_2")
        let made: any Optimizer
        switch golden.optimizer {
        case "SGD": made = .sgd(learningRate: rate ?? 0.01, momentum: take.number("momentum") ?? 0)
        case "Adam": made = .adam(learningRate: rate ?? 0.001, clipping: clipping)
        case "AdamW": made = .adamW(learningRate: rate ?? 0.001, weightDecay: decay ?? 0.004)
        case "Nadam":
            made = .nadam(
                learningRate: rate ?? 0.001,
                beta1: beta1,
                beta2: beta2 ?? 0.999,
                weightDecay: decay
            )
        case "Adamax":
            made = .adamax(
                learningRate: rate ?? 0.001,
                beta1: beta1,
                beta2: beta2 ?? 0.999,
                clipping: clipping
            )
        case "Adagrad":
            made = .adagrad(
                learningRate: rate ?? 0.001,
                initialAccumulatorValue: take.number("initial_accumulator_value") ?? 0.1,
                epsilon: epsilon
            )
        case "Adadelta":
            made = .adadelta(
                learningRate: rate ?? 0.001,
                rho: take.number("rho") ?? 0.95,
                epsilon: epsilon
            )
        case "Lion":
            made = .lion(
                learningRate: rate ?? 0.001,
                beta1: beta1,
                beta2: beta2 ?? 0.99,
                weightDecay: decay
            )
        case "Lamb":
            made = .lamb(
                learningRate: rate ?? 0.001,
                beta1: beta1,
                beta2: beta2 ?? 0.999,
                weightDecay: decay
            )
        case "Ftrl":
            made = .ftrl(
                learningRate: rate ?? 0.001,
                learningRatePower: take.number("learning_rate_power") ?? -0.5,
                initialAccumulatorValue: take.number("initial_accumulator_value") ?? 0.1,
                l1RegularizationStrength: take.number("l1_regularization_strength") ?? 0,
                l2RegularizationStrength: take.number("l2_regularization_strength") ?? 0,
                l2ShrinkageRegularizationStrength: take.number("l2_shrinkage_regularization_strength") ?? 0,
                beta: take.number("beta") ?? 0
            )
        case "Adafactor":
            made = .adafactor(
                learningRate: rate ?? 0.001,
                epsilon2: take.number("epsilon_2") ?? 1e-3,
                clipThreshold: take.number("clip_threshold") ?? 1,
                relativeStep: take.flag("relative_step") ?? true
            )
        case "Muon":
            let isPlain = golden.config["rms_rate"] == nil
            let excluded = take.text("exclude_layers")
            made = Muon(
                learningRate: rate ?? 0.001,
                excludedLayers: excluded == nil ? [] : ["variable0"],
                adamLearningRateRatio: take.number("adam_lr_ratio") ?? 1,
                momentum: take.number("momentum") ?? 0.95,
                newtonSchulzSteps: take.integer("ns_steps") ?? 5,
                nesterov: take.flag("nesterov") ?? true,
                rmsRate: isPlain ? 0.2 : nil
            )
            _ = take.number("rms_rate")
        case "ScheduleFreeAdamW":
            made = .scheduleFreeAdamW(
                learningRate: rate ?? 0.0025,
                beta1: beta1,
                warmupSteps: take.integer("warmup_steps") ?? 0,
                weightDecay: decay
            )
        default: throw ConvNetError(.format, "Unknown optimizer \(golden.optimizer)")
        }
        #expect(take.rest.isEmpty, "arguments that the test does not know: \(take.rest.keys)")
        return (made, rule)
    }

    private func swift(_ golden: UpdateGoldens.ScheduleCase) throws -> LearningRate {
        var take = Arguments(golden.config)
        let initial = take.number("initial_learning_rate") ?? 0
        let made: LearningRate
        switch golden.schedule {
        case "ExponentialDecay":
            made = .exponentialDecay(
                initialLearningRate: initial,
                decaySteps: take.integer("decay_steps") ?? 0,
                decayRate: take.number("decay_rate") ?? 0,
                staircase: take.flag("staircase") ?? false
            )
        case "InverseTimeDecay":
            made = .inverseTimeDecay(
                initialLearningRate: initial,
                decaySteps: take.integer("decay_steps") ?? 0,
                decayRate: take.number("decay_rate") ?? 0,
                staircase: take.flag("staircase") ?? false
            )
        case "PiecewiseConstantDecay":
            made = .piecewiseConstantDecay(
                boundaries: (take.list("boundaries") ?? []).compactMap(\.integer),
                values: (take.list("values") ?? []).compactMap { $0.number.map { Float($0) } }
            )
        case "PolynomialDecay":
            made = .polynomialDecay(
                initialLearningRate: initial,
                decaySteps: take.integer("decay_steps") ?? 0,
                endLearningRate: take.number("end_learning_rate") ?? 1e-4,
                power: take.number("power") ?? 1,
                cycle: take.flag("cycle") ?? false
            )
        case "CosineDecay":
            made = .cosineDecay(
                initialLearningRate: initial,
                decaySteps: take.integer("decay_steps") ?? 0,
                alpha: take.number("alpha") ?? 0,
                warmupTarget: take.number("warmup_target"),
                warmupSteps: take.integer("warmup_steps") ?? 0
            )
        case "CosineDecayRestarts":
            made = .cosineDecayRestarts(
                initialLearningRate: initial,
                firstDecaySteps: take.integer("first_decay_steps") ?? 0,
                tMul: take.number("t_mul") ?? 2,
                mMul: take.number("m_mul") ?? 1,
                alpha: take.number("alpha") ?? 0
            )
        default: throw ConvNetError(.format, "Unknown schedule \(golden.schedule)")
        }
        #expect(take.rest.isEmpty, "arguments that the test does not know: \(take.rest.keys)")
        return made
    }
}
