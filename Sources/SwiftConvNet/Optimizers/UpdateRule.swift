/// What belongs to a step besides the optimizer's rule: how many batches make one, whether averages of the parameters are kept, and
/// which parameters learn at another rate or do not decay.
///
/// ```swift
/// try model.compile(
///     optimizer: .adamW(), loss: .mse(),
///     update: UpdateRule(
///         accumulatedBatches: 4, averageMomentum: 0.999,
///         groups: [.init(parameters: ["bias", "gamma", "beta"], decays: false), .init(layers: ["stem"], rateFactor: 0.1)]))
/// ```
///
/// Keras has these as arguments of its optimizers: `gradient_accumulation_steps`, `use_ema`, `ema_momentum`,
/// `ema_overwrite_frequency`, `exclude_from_weight_decay`, and `MultiOptimizer` for rates by layer.
public struct UpdateRule: Sendable, Hashable, Codable {
    /// Parameters that differ from the others. A parameter belongs to the first group that names it.
    public struct Group: Sendable, Hashable, Codable {
        /// The names of layers: `conv2d`, or `encoder` for all of a nested model. Empty for all layers.
        public var layers: [String]
        /// The names of parameters within their layer: `bias`, `gamma`. Empty for all parameters.
        public var parameters: [String]
        /// What the learning rate is multiplied with, at least 0.
        public var rateFactor: Float
        /// Whether the optimizer's weight decay is for them.
        public var decays: Bool

        /// A group; it has the common rate and decay unless they are given.
        public init(
            layers: [String] = [],
            parameters: [String] = [],
            rateFactor: Float = 1,
            decays: Bool = true
        ) {
            self.layers = layers
            self.parameters = parameters
            self.rateFactor = rateFactor
            self.decays = decays
        }

        /// Whether a parameter, such as `encoder/conv2d/kernel`, is one of the group.
        func contains(_ name: String) -> Bool {
            let parts = name.split(separator: "/")
            return (layers.isEmpty || layers.contains { name.hasPrefix($0 + "/") })
                && (parameters.isEmpty || parameters.contains { $0 == parts.last.map(String.init) })
        }
    }

    /// The batches of a step, at least 1: their gradients are added up, and the step goes by their mean.
    public var accumulatedBatches: Int
    /// How much of the averages of the parameters stays at each step, 0...1; `nil` for no averages. `fit` ends with the averages in
    /// place of the parameters, as Keras' does.
    public var averageMomentum: Float?
    /// After how many steps, each time, the parameters become their averages; `nil` for only at the end of `fit`.
    public var overwritesEvery: Int?
    /// Parameters that learn at another rate, or do not decay.
    public var groups: [Group]

    /// A rule. Without arguments: each batch is a step, there are no averages, and all parameters are alike.
    public init(
        accumulatedBatches: Int = 1,
        averageMomentum: Float? = nil,
        overwritesEvery: Int? = nil,
        groups: [Group] = []
    ) {
        self.accumulatedBatches = accumulatedBatches
        self.averageMomentum = averageMomentum
        self.overwritesEvery = overwritesEvery
        self.groups = groups
    }

    /// The first group that names a parameter; one of its own for the others.
    func group(of name: String) -> Group { groups.first { $0.contains(name) } ?? Group() }

    /// The arrays that the rule keeps of each parameter.
    var slots: [String] {
        (accumulatedBatches > 1 ? [Self.accumulator] : []) + (averageMomentum != nil ? [Self.average] : [])
    }

    static let accumulator = "gradient_accumulator", average = "average"

    /// Checks the settings.
    ///
    /// - Parameter names: those of the parameters: each group has to name one of them.
    /// - Throws: `ConvNetError` of kind `argument` that names what is out of range.
    func validate(for names: [String]) throws {
        func require(_ isValid: Bool, _ place: String, _ expected: String, _ received: String) throws {
            guard isValid else {
                throw ConvNetError(
                    .argument,
                    "A setting of the update is out of its range",
                    at: "update, \(place)",
                    expected: expected,
                    received: received
                )
            }
        }
        try require(accumulatedBatches >= 1, "accumulatedBatches", "at least 1", "\(accumulatedBatches)")
        try require(
            (0...1).contains(averageMomentum ?? 0),
            "averageMomentum",
            "0...1",
            "\(averageMomentum ?? 0)"
        )
        try require(
            overwritesEvery.map { $0 >= 1 && averageMomentum != nil } ?? true,
            "overwritesEvery",
            "at least 1, and an averageMomentum",
            "\(overwritesEvery ?? 0)\(averageMomentum == nil ? ", without averages" : "")"
        )
        for (index, group) in groups.enumerated() {
            try require(
                group.rateFactor >= 0 && group.rateFactor.isFinite,
                "groups[\(index)].rateFactor",
                "a finite number of at least 0",
                "\(group.rateFactor)"
            )
            try require(
                names.contains(where: group.contains),
                "groups[\(index)]",
                "layers and parameters that the model has, such as \(names.prefix(3).joined(separator: ", "))",
                "layers \(group.layers), parameters \(group.parameters)"
            )
        }
    }
}
