import SwiftConvNet

/// The rules for optimizers, and the order in which Keras keeps their arrays.
enum KerasOptimizers {
    static let rules = KerasRules(
        [
            rule(SGD()), rule(Adam()), rule(AdamW()), rule(Adamax()), rule(Nadam()), rule(Adagrad()),
            rule(Adadelta()),
            rule(RMSprop()), rule(Ftrl()), rule(Lion()), rule(Lamb()), rule(ScheduleFreeAdamW()),
            rule(
                Adafactor(),
                renamed: ["beta2Decay": "beta_2_decay", "epsilon1": "epsilon_1", "epsilon2": "epsilon_2"]
            ),
        ],
        aliases: Dictionary(
            uniqueKeysWithValues: BuiltInOptimizers.types.map { ($0.kind.lowercased(), $0.kind) }
        )
    )

    private static func rule(_ optimizer: any Optimizer, renamed: [String: String] = [:]) -> KerasRule<
        any Optimizer
    > {
        KerasRule(
            className: type(of: optimizer).kind,
            template: KerasTemplate.json(optimizer, in: .optimizers),
            optional: ["weightDecay", "clipping"],
            renamed: ["beta1": "beta_1", "beta2": "beta_2"].merging(renamed) { $1 },
            formerly: ["lr": "learning_rate"],
            fixed: ["loss_scale_factor": []],
            adapt: (read: readClipping, write: writeClipping)
        )
    }

    /// Keras' arguments for clipping, and this library's cases.
    private static let clippings = [
        ("clipnorm", "norm"), ("global_clipnorm", "globalNorm"), ("clipvalue", "value"),
    ]

    private static func readClipping(_ config: inout JSONValue) {
        for (key, own) in clippings where config[key] != .null {
            config["clipping"] = .object([own: .object(["_0": config[key]])])
        }
    }

    private static func writeClipping(_ config: inout JSONValue) {
        for (key, own) in clippings { config[key] = config["clipping"][own]["_0"] }
        config["clipping"] = .null
    }

    /// The optimizer that a file names.
    ///
    /// - Throws: `ConvNetError` of kind `format` if it is none of those known.
    static func optimizer(_ value: JSONValue, at place: String) throws -> any Optimizer {
        let name = value.text ?? value["class_name"].text ?? ""
        let rule = try rules.rule(forClass: name, "An optimizer", of: value, at: place)
        return try rule.value(value["config"], in: .optimizers, at: place)
    }

    /// What Keras' optimizers have beside their rule: accumulation, and averages of the parameters.
    static func update(_ config: JSONValue) -> UpdateRule {
        let averages = config["use_ema"].bool == true
        return UpdateRule(
            accumulatedBatches: config["gradient_accumulation_steps"].integer ?? 1,
            averageMomentum: averages ? Float(config["ema_momentum"].number ?? 0.99) : nil,
            overwritesEvery: averages ? config["ema_overwrite_frequency"].integer : nil
        )
    }

    /// Keras' form of an optimizer.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if Keras has no such optimizer, or no rates by layer.
    static func keras(_ optimizer: any Optimizer, _ update: UpdateRule) throws -> JSONValue {
        guard let rule = rules.rule(forKind: type(of: optimizer).kind), update.groups.isEmpty else {
            throw ConvNetError(
                .argument,
                "Keras' files have no form for this optimizer",
                at: "optimizer",
                expected: "one of Keras', with one rate for all layers",
                received: type(of: optimizer).kind,
                remedy: "Save without it: includeOptimizer: false"
            )
        }
        var keras = try rule.keras(KerasTemplate.json(optimizer, in: .optimizers), module: "keras.optimizers")
        // Keras takes no integers where it expects a float.
        for (key, value) in keras["config"].members where key != "warmup_steps" {
            if case .integer(let number) = value { keras["config"][key] = .number(Double(number)) }
        }
        if update.accumulatedBatches > 1 {
            keras["config"]["gradient_accumulation_steps"] = .integer(update.accumulatedBatches)
        }
        if let momentum = update.averageMomentum {
            keras["config"]["use_ema"] = true
            keras["config"]["ema_momentum"] = .number(Double("\(momentum)") ?? Double(momentum))
            keras["config"]["ema_overwrite_frequency"] = update.overwritesEvery.map { .integer($0) } ?? .null
        }
        return keras
    }

    /// The slots in Keras' order: groups follow each other, and within a group the slots of one parameter stand side by side.
    /// `nil` for an optimizer whose arrays have another form there.
    static func slotGroups(of optimizer: any Optimizer) -> [[String]]? {
        switch optimizer {
        case is Adafactor, is Muon: nil
        case is RMSprop: optimizer.slots.map { [$0] }
        case is Adam where optimizer.slots.count == 3: [Array(optimizer.slots[..<2]), [optimizer.slots[2]]]
        case is AdamW where optimizer.slots.count == 3: [Array(optimizer.slots[..<2]), [optimizer.slots[2]]]
        default: optimizer.slots.isEmpty ? [] : [optimizer.slots]
        }
    }
}
