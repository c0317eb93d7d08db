/// How a value of an open set stands in a file: `{"kind": "Conv2D", "config": {…}}`.
private enum OpenKeys: String, CodingKey {
    case kind, config
}

/// A family of types that users can add to: layers, initializers, regularizers, losses, metrics, optimizers and so on.
package struct OpenSet<Value>: Sendable {
    /// What messages call a member: "layer".
    let role: String
    /// The name of a value's type.
    let kind: @Sendable (Value) -> String
    /// The types of the library and those that the user names.
    let types: @Sendable (CustomTypes) -> [(kind: String, type: any Codable.Type)]
    /// Kinds that files of format version 1 call otherwise: old to new.
    var renamedSinceVersion1: [String: String] = [:]

    package func encode(_ value: Value, to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: OpenKeys.self)
        try container.encode(kind(value), forKey: .kind)
        guard let encodable = value as? any Encodable else { return }
        try encodable.encode(to: container.superEncoder(forKey: .config))
    }

    package func decode(from decoder: any Decoder) throws -> Value {
        let container = try decoder.container(keyedBy: OpenKeys.self)
        var kind = try container.decode(String.self, forKey: .kind)
        if decoder.userInfo[ModelDescription.versionKey] as? String == "1" {
            kind = renamedSinceVersion1[kind] ?? kind
        }
        let custom = decoder.userInfo[CustomTypes.userInfoKey] as? CustomTypes ?? CustomTypes()
        guard let type = types(custom).first(where: { $0.kind == kind })?.type else {
            throw ConvNetError(
                .format,
                "Unknown \(role) \"\(kind)\"",
                at: text(of: decoder.codingPath),
                expected: types(custom).isEmpty
                    ? nil : "one of \(types(custom).map(\.kind).joined(separator: ", "))",
                received: "\"\(kind)\"",
                remedy:
                    "Name its type in customTypes: CustomTypes(\(role.hasSuffix("s") ? role + "es" : role + "s"): [\(kind).self]); or use a newer version of the library"
            )
        }
        guard let value = try type.init(from: container.superDecoder(forKey: .config)) as? Value else {
            throw ConvNetError(.format, "\"\(kind)\" is not a \(role)")
        }
        return value
    }
}

extension OpenSet where Value == any Layer {
    package static let layers = OpenSet(role: "layer", kind: { type(of: $0).kind }) { custom in
        (BuiltInLayers.types + custom.layers).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any Initializer {
    package static let initializers = OpenSet(role: "initializer", kind: { type(of: $0).kind }) { custom in
        (BuiltInInitializers.types + custom.initializers).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any Loss {
    package static let losses = OpenSet(role: "loss", kind: { type(of: $0).kind }) { custom in
        (BuiltInLosses.types + custom.losses).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any Metric {
    package static let metrics = OpenSet(
        role: "metric",
        kind: { type(of: $0).kind },
        types: { custom in (BuiltInMetrics.types + custom.metrics).map { ($0.kind, $0) } },
        // Version 1 had no element-wise accuracy, and called the one that chooses "Accuracy".
        renamedSinceVersion1: ["Accuracy": AutomaticAccuracy.kind]
    )
}

extension OpenSet where Value == any Optimizer {
    package static let optimizers = OpenSet(role: "optimizer", kind: { type(of: $0).kind }) { custom in
        (BuiltInOptimizers.types + custom.optimizers).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any Regularizer {
    package static let regularizers = OpenSet(role: "regularizer", kind: { type(of: $0).kind }) { custom in
        (BuiltInRegularizers.types + custom.regularizers).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any Constraint {
    package static let constraints = OpenSet(role: "constraint", kind: { type(of: $0).kind }) { custom in
        (BuiltInConstraints.types + custom.constraints).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any LearningRateSchedule {
    package static let schedules = OpenSet(role: "schedule", kind: { type(of: $0).kind }) { custom in
        (BuiltInSchedules.types + custom.schedules).map { ($0.kind, $0) }
    }
}

extension OpenSet where Value == any CustomActivation {
    static let activations = OpenSet(role: "activation", kind: { type(of: $0).kind }) { custom in
        custom.activations.map { ($0.kind, $0) }
    }
}

/// A stored property that holds any initializer and can stand in a file.
@propertyWrapper
public struct CodedInitializer: Sendable, Codable {
    public let wrappedValue: any Initializer

    /// Wraps an initializer.
    public init(wrappedValue: any Initializer) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        wrappedValue = try OpenSet.initializers.decode(from: decoder)
    }
    public func encode(to encoder: any Encoder) throws {
        try OpenSet.initializers.encode(wrappedValue, to: encoder)
    }
}
