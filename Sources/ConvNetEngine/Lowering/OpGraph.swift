/// A network as operators: what a plan is made from.
///
/// Values are numbered; an operation names those that it reads and those that it makes. Operations stand in an order in
/// which each comes after those that it reads from.
package struct OpGraph: Sendable {
    /// An operator at its place.
    package struct Operation: Sendable {
        /// The operator.
        package var op: any Operator
        /// The nodes of the graph of layers whose work it does, in order: more than one once passes have joined some, none for the
        /// work of a loss.
        package var nodes: [Int]
        /// The path of the layer, or the loss, which errors name.
        package let path: String
        /// The values that it reads, and those that it makes.
        package var inputs: [Int], outputs: [Int]
        /// Whether it stands for the samples, which the engine gathers.
        package var isInput = false
        /// The index of the output whose targets it stands for, which the engine copies.
        package var target: Int?

        /// The node that it comes from: of several, the first; `nil` if it comes from a loss.
        package var node: Int? { nodes.first }
        /// What errors call its place.
        package var location: String { nodes.isEmpty ? path : "layer \(path)" }
        /// What tables and errors call the operator.
        package var kind: String { "\(type(of: op))" }
    }

    /// A term of the objective that operators compute: one number for each sample.
    package struct TermValue: Sendable {
        package let value: Int
        /// Of how many loss values it is the mean.
        package let count: Int
    }

    /// A parameter among the values.
    package struct Parameter: Sendable {
        package let value: Int
        /// Its index among the entries of the parameter store.
        package let entry: Int
        package let spec: ParameterSpec
        /// The index of the layer that has declared it.
        package let layer: Int
        /// Whether training changes it by its gradient.
        package let learns: Bool
    }

    package internal(set) var types: [ValueType] = []
    package var operations: [Operation] = []
    package internal(set) var parameters: [Parameter] = []
    package internal(set) var constants: [(value: Int, constant: ConstantTensor)] = []
    /// The inputs, and the predictions.
    package var inputs: [Int] = [], outputs: [Int] = []
    /// What layers add to the loss: one number for each sample.
    package var losses: [Int] = []
    /// For each term of the objective, the value from which the backward pass starts in place of the prediction: the logits
    /// before a final activation whose gradient the loss computes with its own.
    package var logits: [Int: Int] = [:]
    /// For each term of the objective whose loss is an `OperatorLoss`, the value of a sample.
    package internal(set) var termValues: [Int: TermValue] = [:]

    /// For each value, how many operations read it; a prediction, a loss, and what is added to the loss have a reader more.
    package var readerCounts: [Int] {
        var counts = [Int](repeating: 0, count: types.count)
        for operation in operations { for input in operation.inputs { counts[input] += 1 } }
        for output in outputs + losses + termValues.values.map(\.value) { counts[output] += 1 }
        return counts
    }

    /// The entries of the parameter store that an operation reads.
    package func entries(of operation: Operation) -> [Int] {
        operation.inputs.compactMap { input in parameters.first { $0.value == input }?.entry }
    }

    /// Leaves out what layers add to the loss, and the operations that nothing else needs, for a plan without losses.
    package mutating func removeLosses() {
        var unread = losses
        losses = []
        while let value = unread.popLast() {
            let counts = readerCounts
            guard let place = operations.firstIndex(where: { $0.outputs.contains(value) }),
                !operations[place].isInput, operations[place].outputs.allSatisfy({ counts[$0] == 0 })
            else { continue }
            unread += operations.remove(at: place).inputs
        }
    }

    /// Throws where a batch has more values than any machine holds, so that no size that a plan computes overflows.
    package func checkSize(batch: Int) throws {
        let made = operations.flatMap(\.outputs)
        let count = made.reduce(0.0) {
            $0 + Double(types[$1].shape.elementCount) * (types[$1].isBatched ? Double(batch) : 1)
        }
        let largest = 1 << 44
        guard count <= Double(largest) else {
            throw ConvNetError(
                .environment,
                "There is not enough memory",
                at: "a batch of \(batch) samples",
                expected: "at most \(largest) values in the outputs of all layers",
                received: "\(count)",
                remedy: "Use smaller batches, images or layers"
            )
        }
    }

    /// The same operations, with those first that depend on no batched value: so they never stand between stages that run
    /// sample by sample.
    mutating func putWholeOperationsFirst() {
        func isWhole(_ operation: Operation) -> Bool {
            !operation.isInput && (operation.inputs + operation.outputs).allSatisfy { !types[$0].isBatched }
        }
        guard operations.contains(where: isWhole) else { return }
        var depends = [Bool](repeating: false, count: types.count)
        var first: [Operation] = [], rest: [Operation] = []
        for operation in operations {
            if isWhole(operation), !operation.inputs.contains(where: { depends[$0] }) {
                first.append(operation)
            } else {
                for output in operation.outputs { depends[output] = true }
                rest.append(operation)
            }
        }
        operations = first + rest
    }
}
