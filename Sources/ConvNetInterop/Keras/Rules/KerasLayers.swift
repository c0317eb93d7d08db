import SwiftConvNet

/// The rules for layers.
package enum KerasLayers {
    static let rules = KerasRules(
        convolution + pooling + normalization + reshaping + core + noise + merging + activations
            + preprocessing
            + augmentation,
        aliases: aliases
    )

    /// Where the layers of Keras that are in no public module lie.
    private static let modules = ["LayerScale": "keras.src.applications.convnext"]

    /// Names that Keras has beside a class's own.
    private static let aliases: [String: String] = {
        var aliases: [String: String] = ["Merge": "Concatenate"]
        for rank in ["1D", "2D", "3D"] {
            aliases["Convolution\(rank)"] = "Conv\(rank)"
            aliases["Convolution\(rank)Transpose"] = "Conv\(rank)Transpose"
            aliases["SeparableConvolution\(rank)"] = "SeparableConv\(rank)"
            aliases["MaxPool\(rank)"] = "MaxPooling\(rank)"
            aliases["AvgPool\(rank)"] = "AveragePooling\(rank)"
            aliases["GlobalMaxPool\(rank)"] = "GlobalMaxPooling\(rank)"
            aliases["GlobalAvgPool\(rank)"] = "GlobalAveragePooling\(rank)"
        }
        // tf.keras' second implementations.
        for name in ["BatchNormalization"] { aliases["\(name)V1"] = name; aliases["\(name)V2"] = name }
        return aliases
    }()

    /// This library's form of a layer of Keras: `{"config": {…}, "kind": "Conv2D"}`.
    ///
    /// - Parameters:
    ///   - object: Keras' form: its class, and its settings.
    ///   - name: the name that the layer gets; `nil` for none.
    /// - Throws: `ConvNetError` of kind `format` for a class or a setting that is not supported.
    package static func own(_ object: JSONValue, named name: String? = nil, at place: String) throws
        -> JSONValue
    {
        let className = object["class_name"].text ?? ""
        guard let rule = rules.rule(forClass: className) else {
            throw ConvNetError(
                .format,
                "Layers of this class are not supported",
                at: place,
                received: className
            )
        }
        let config = object["config"]
        guard [.null, "channels_last"].contains(config["data_format"]) else {
            throw ConvNetError(
                .format,
                "A setting has a value that is not supported",
                at: "\(place), data_format",
                expected: "\"channels_last\"",
                received: "\(config["data_format"])"
            )
        }
        var own = try rule.own(config, at: place)
        if let name { own["config"]["name"] = .text(name) }
        return own
    }

    /// Keras' form of a layer, without its name.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if Keras has no such layer.
    package static func keras(_ own: JSONValue) throws -> JSONValue {
        let kind = own["kind"].text ?? ""
        guard let rule = rules.rule(forKind: kind) else {
            throw ConvNetError(.argument, "Keras has no layer of this kind", at: "layers", received: kind)
        }
        var own = own
        own["config"]["name"] = .null
        return try rule.keras(own, module: modules[kind] ?? "keras.layers")
    }

    /// A rule for the type of `layer`, which has Keras' defaults.
    static func rule(
        _ layer: any Layer,
        optional: [String] = [],
        renamed: [String: String] = [:],
        formerly: [String: String] = [:],
        fixed: [String: [JSONValue]] = [:],
        read: (@Sendable (inout JSONValue) throws -> Void)? = nil,
        write: (@Sendable (inout JSONValue) -> Void)? = nil
    ) -> KerasRule<any Layer> {
        let template = KerasTemplate.json(layer, in: .layers), suffix = "Initializer"
        // Each parameter that has an initializer may have a regularizer and a constraint.
        let parts = template["config"].members.keys.filter { $0.hasSuffix(suffix) }.flatMap { key in
            ["Regularizer", "Constraint"].map { String(key.dropLast(suffix.count)) + $0 }
        }
        return KerasRule(
            className: type(of: layer).kind,
            template: template,
            optional: optional + parts,
            renamed: renamed,
            formerly: formerly,
            fixed: fixed,
            adapt: read == nil && write == nil ? nil : (read ?? { _ in }, write ?? { _ in })
        )
    }
}
