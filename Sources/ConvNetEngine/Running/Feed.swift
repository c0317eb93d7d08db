/// Which fields of a dataset a network reads, and where each goes.
package struct Feed: Sendable {
    /// What an output is compared with.
    package struct Target: Sendable {
        /// The index of the field; `nil` if there is none.
        package let field: Int?
        package let kind: TargetKind
        /// Classes, and target values, must be whole numbers in `0..<classCount`, if it is not `nil`.
        package let classCount: Int?

        package init(field: Int?, kind: TargetKind, classCount: Int?) {
            self.field = field
            self.kind = kind
            self.classCount = classCount
        }

        /// The elements of target values; 0 if there are none.
        var count: Int { if case .values(let shape) = kind { shape.elementCount } else { 0 } }
    }

    package let dataset: any Dataset
    package let fields: [Field]
    /// For each input of the network, the index of its field.
    package let inputs: [Int]
    /// The shapes of the inputs, and of the outputs for them, without the batch axis.
    package let inputShapes: [Shape], outputShapes: [Shape]
    /// For each output of the network.
    package let targets: [Target]
    package let targetKinds: [TargetKind]
    /// The index of the field of weights, if there is one.
    package let weight: Int?

    package init(
        _ dataset: any Dataset,
        inputs: [Int],
        inputShapes: [Shape],
        outputShapes: [Shape],
        targets: [Target],
        weight: Int?
    ) {
        self.dataset = dataset
        fields = dataset.fields
        self.inputs = inputs
        self.inputShapes = inputShapes
        self.outputShapes = outputShapes
        self.targets = targets
        targetKinds = targets.map(\.kind)
        self.weight = weight
    }
}
