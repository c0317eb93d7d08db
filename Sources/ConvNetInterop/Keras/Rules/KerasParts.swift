import SwiftConvNet

/// The rules for initializers, regularizers and constraints: what layers are set with.
enum KerasParts {
    static let initializers = KerasPart(
        module: "keras.initializers",
        KerasRules(
            [
                rule("Zeros", Zeros()), rule("Ones", Ones()), rule("Constant", Constant(0)),
                rule("RandomNormal", RandomNormal()), rule("RandomUniform", RandomUniform()),
                rule("TruncatedNormal", TruncatedNormal()), rule("VarianceScaling", VarianceScaling()),
                rule("GlorotUniform", .glorotUniform), rule("GlorotNormal", .glorotNormal),
                rule("HeUniform", .heUniform), rule("HeNormal", .heNormal),
                rule("LecunUniform", .lecunUniform), rule("LecunNormal", .lecunNormal),
                rule("Orthogonal", Orthogonal()), rule("Identity", IdentityInitializer()),
            ],
            aliases: [
                "OrthogonalInitializer": "Orthogonal", "IdentityInitializer": "Identity", "zeros": "Zeros",
                "ones": "Ones", "constant": "Constant", "random_normal": "RandomNormal",
                "random_uniform": "RandomUniform", "truncated_normal": "TruncatedNormal",
                "glorot_uniform": "GlorotUniform", "glorot_normal": "GlorotNormal", "he_uniform": "HeUniform",
                "he_normal": "HeNormal", "lecun_uniform": "LecunUniform", "lecun_normal": "LecunNormal",
                "orthogonal": "Orthogonal", "identity": "Identity", "variance_scaling": "VarianceScaling",
            ]
        )
    )

    static let regularizers = KerasPart(
        module: "keras.regularizers",
        KerasRules(
            [
                rule("L1", L1()), rule("L2", L2()), rule("L1L2", L1L2()),
                rule("OrthogonalRegularizer", OrthogonalRegularizer()),
            ],
            aliases: ["l1": "L1", "l2": "L2", "l1_l2": "L1L2"]
        )
    )

    static let constraints = KerasPart(
        module: "keras.constraints",
        KerasRules(
            [
                rule("MaxNorm", MaxNorm(), renamed: ["axes": "axis"]),
                rule("MinMaxNorm", MinMaxNorm(), renamed: ["axes": "axis"]),
                rule("UnitNorm", UnitNorm(), renamed: ["axes": "axis"]), rule("NonNeg", NonNeg()),
            ],
            aliases: [
                "max_norm": "MaxNorm", "min_max_norm": "MinMaxNorm", "unit_norm": "UnitNorm",
                "non_neg": "NonNeg",
            ]
        )
    )

    static let schedules = KerasPart(
        module: "keras.optimizers.schedules",
        KerasRules([
            rule(
                CosineDecay(initialLearningRate: 1, decaySteps: 1, warmupTarget: 1),
                optional: ["warmupTarget"]
            ),
            rule(CosineDecayRestarts(initialLearningRate: 1, firstDecaySteps: 1)),
            rule(ExponentialDecay(initialLearningRate: 1, decaySteps: 1, decayRate: 1)),
            rule(InverseTimeDecay(initialLearningRate: 1, decaySteps: 1, decayRate: 1)),
            rule(PiecewiseConstantDecay(boundaries: [1], values: [1, 1])),
            rule(PolynomialDecay(initialLearningRate: 1, decaySteps: 1)),
        ])
    )

    private static func rule(_ value: any LearningRateSchedule, optional: [String] = [])
        -> KerasRule<any LearningRateSchedule>
    {
        KerasRule(
            className: type(of: value).kind,
            template: KerasTemplate.json(value, in: .schedules),
            optional: optional
        )
    }

    private static func rule(_ name: String, _ value: any Initializer) -> KerasRule<any Initializer> {
        KerasRule(className: name, template: KerasTemplate.json(value, in: .initializers))
    }

    private static func rule(_ name: String, _ value: any Regularizer) -> KerasRule<any Regularizer> {
        KerasRule(className: name, template: KerasTemplate.json(value, in: .regularizers))
    }

    private static func rule(_ name: String, _ value: any Constraint, renamed: [String: String] = [:])
        -> KerasRule<any Constraint>
    {
        KerasRule(className: name, template: KerasTemplate.json(value, in: .constraints), renamed: renamed)
    }
}

/// What a template looks like in this library's files.
enum KerasTemplate {
    static func json<Value>(_ value: Value, in set: OpenSet<Value>) -> JSONValue {
        do {
            return try JSONValue(Array(set.json(of: value).utf8), name: "template")
        } catch {
            preconditionFailure("a template has no form in files: \(error)")
        }
    }
}

/// A family of parts of layers: they stand in configurations as objects, or by a name.
struct KerasPart<Value>: Sendable {
    let module: String
    let rules: KerasRules<Value>

    init(module: String, _ rules: KerasRules<Value>) {
        self.module = module
        self.rules = rules
    }

    func own(_ value: JSONValue, at place: String) throws -> JSONValue {
        let name = value.text ?? value["class_name"].text ?? ""
        guard let rule = rules.rule(forClass: name) else {
            throw ConvNetError(
                .format,
                "An unknown class of \(module)",
                at: place,
                expected:
                    "one of \(rules.classNames.filter { $0.first?.isUppercase == true }.joined(separator: ", "))",
                received: name.isEmpty ? "\(value)" : name
            )
        }
        return try rule.own(value["config"], at: place)
    }

    func keras(_ value: JSONValue) throws -> JSONValue {
        guard let rule = rules.rule(forKind: value["kind"].text ?? "") else {
            throw ConvNetError(
                .argument,
                "Keras has no class for a part of a layer",
                at: module,
                received: value["kind"].text
            )
        }
        return try rule.keras(value, module: module)
    }
}
