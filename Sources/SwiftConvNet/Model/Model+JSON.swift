/// The architecture of a model as JSON, without weights.
private struct CodedModel: Codable {
    private enum CodingKeys: String, CodingKey {
        case modelClass = "class"
        case name, architecture
        case classNames = "class_names"
        case formatVersion = "format_version"
    }

    let modelClass: String
    let name: String
    let architecture: Graph
    let classNames: [String]?
    let formatVersion: String
}

extension Model {
    /// The architecture as JSON: layers with their settings and how they are connected, without weights, loss and optimizer. Equal
    /// models give equal text. Keras' `to_json`, in a form of this library.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a layer cannot be written as JSON.
    public func toJSON() throws -> String {
        let model = CodedModel(
            modelClass: self is Sequential ? "Sequential" : "Model",
            name: name,
            architecture: savedGraph,
            classNames: classNames,
            formatVersion: ModelDescription.formatVersion
        )
        return try ModelDescription.encode(model, at: "toJSON")
    }

    /// A model of the architecture that `toJSON` has written, with new initial values from the seed; Keras' `model_from_json`.
    /// `Model.fromJSON` returns a `Sequential` where one was written; `Sequential.fromJSON` takes nothing else.
    ///
    /// - Parameters:
    ///   - text: the JSON.
    ///   - seed: from which all random numbers of the model come.
    ///   - options: how to compute.
    ///   - customTypes: the types that are not of this library and that the model uses.
    /// - Throws: `ConvNetError` of kind `format` if the text is no such JSON, is of another version, or names an unknown type; as
    ///   layers throw it whose settings cannot be.
    public static func fromJSON(
        _ text: String,
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions(),
        customTypes: CustomTypes = CustomTypes()
    ) throws -> Self {
        let coded = try StableJSON.decode(
            CodedModel.self,
            from: text.utf8,
            at: "fromJSON",
            userInfo: [
                CustomTypes.userInfoKey: customTypes,
                ModelDescription.versionKey: ModelDescription.formatVersion,
            ]
        )
        guard coded.formatVersion == ModelDescription.formatVersion else {
            throw ConvNetError(
                .format,
                "The JSON is of another version",
                at: "fromJSON, format_version",
                expected: "\"\(ModelDescription.formatVersion)\"",
                received: "\"\(coded.formatVersion)\""
            )
        }
        let isSequential = coded.modelClass == "Sequential"
        guard isSequential || coded.modelClass == "Model" else {
            throw ConvNetError(
                .format,
                "An unknown class of model",
                at: "fromJSON, class",
                expected: "Sequential or Model",
                received: "\"\(coded.modelClass)\""
            )
        }
        if isSequential { try coded.architecture.requireChain(at: "fromJSON, architecture") }
        let modelClass = isSequential ? Sequential.self : Model.self
        let model = try modelClass.init(
            Assembly(coded.architecture),
            name: coded.name,
            seed: seed,
            options: options,
            initialize: true
        )
        guard let model = model as? Self else {
            throw ConvNetError(
                .format,
                "The JSON is of another class of model",
                at: "fromJSON, class",
                expected: "\(Self.self)",
                received: "\"\(coded.modelClass)\"",
                remedy: "Use Model.fromJSON"
            )
        }
        model.classNames = coded.classNames
        return model
    }

    /// A model of the same architecture with new initial values, parameters of its own, and not compiled; Keras' `clone_model`.
    ///
    /// - Parameters:
    ///   - name: its name; that of this model unless given.
    ///   - seed: from which its random numbers come; that of this model unless given, so that its initial values are this model's.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    public func clone(name: String? = nil, seed: UInt64? = nil) throws -> Self {
        let clone = try type(of: self).init(
            Assembly(savedGraph),
            name: name ?? self.name,
            seed: seed ?? self.seed,
            options: options,
            initialize: true
        )
        clone.classNames = classNames
        return clone
    }

    /// The graph with what its layers say now of whether they are trainable.
    var savedGraph: Graph { graph.withTrainable(assembly.layers.map(\.isTrainable)) }
}

extension Graph {
    /// - Throws: `ConvNetError` of kind `format` unless the graph begins with its only input and ends with its only output.
    func requireChain(at place: String) throws {
        guard inputs == [0], outputs.map(\.node) == [nodes.count - 1] else {
            throw ConvNetError(
                .format,
                "A Sequential begins with its input and ends with its output",
                at: place,
                expected: "[0] and [\(nodes.count - 1)]",
                received: "\(inputs) and \(outputs.map(\.node))"
            )
        }
    }
}
