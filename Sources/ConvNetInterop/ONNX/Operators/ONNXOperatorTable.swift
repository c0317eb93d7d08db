/// The operators of ONNX that this library knows: a line for each family, and a file beside this one.
package enum ONNXOperatorTable {
    private static let families: [[String: OperatorDefinition]] = [
        Arithmetic.table,
        Borders.table,
        Casts.table,
        Convolutions.table,
        Functions.table,
        Gathering.table,
        Generators.table,
        Logic.table,
        Normalizations.table,
        Parts.table,
        Pooling.table,
        Products.table,
        Quantization.table,
        QuantizedElements.table,
        QuantizedElements.standard,
        Recurrent.table,
        Reductions.table,
        Resizes.table,
        Sampling.table,
        Shapes.table,
    ]

    private static let definitions = families.reduce(into: [:]) { all, family in
        all.merge(family) { first, _ in first }
    }

    /// All names; those of other domains than ONNX' own have it before them.
    package static var names: [String] { Array(definitions.keys) }

    /// The operator of a name; `nil` if it is unknown. Those of other domains than ONNX' own have it before their names.
    static subscript(name: String, domain: String) -> OperatorDefinition? {
        definitions[domain.isEmpty ? name : "\(domain):\(name)"]
    }
}
