/// Reads the input of all samples of a dataset, in order: what layers adapt to.
struct InputReader<Data: Dataset> {
    private let dataset: Data
    private let field: Int
    /// The shape of a sample.
    let shape: Shape

    /// - Parameter kind: what errors call the layer.
    /// - Throws: `ConvNetError` of kind `argument` if there is not one input, of kind `shape` if there is no sample, or it has
    ///   no element.
    init(_ dataset: Data, for kind: String) throws {
        let inputs = dataset.fields.indices.filter { dataset.fields[$0].role == .input }
        guard inputs.count == 1 else {
            throw ConvNetError(
                .argument,
                "A layer adapts to one input",
                at: kind,
                expected: "1 input",
                received: "\(inputs.count), of \(dataset.fields.map(\.name))",
                remedy: "Adapt to a tensor"
            )
        }
        self.dataset = dataset
        field = inputs[0]
        shape = try dataset.fields[field].shape.validated(as: "samples", minimum: 1)
        guard dataset.count > 0 else {
            throw ConvNetError(
                .shape,
                "A layer needs samples to adapt to",
                at: kind,
                expected: "at least 1 sample",
                received: "none"
            )
        }
    }

    /// Calls `body` for each sample.
    func forEachSample(_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws {
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: shape.elementCount) { sample in
            sample.initialize(repeating: 0)
            for index in 0..<dataset.count {
                try dataset.readValues(field, of: index, into: sample)
                try body(UnsafeBufferPointer(sample))
            }
        }
    }
}
