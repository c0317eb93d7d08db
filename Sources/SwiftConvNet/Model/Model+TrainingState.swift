/// How a compiled model trains and how far it has come, for files of other formats.
package struct TrainingState {
    /// One array that the optimizer keeps of one parameter.
    package struct Slot {
        /// The name of the slot: `momentum`.
        package let slot: String
        /// The parameter's name: `conv2d/kernel`.
        package let parameter: String
        package let values: Tensor

        /// An array of a slot.
        package init(slot: String, parameter: String, values: Tensor) {
            self.slot = slot
            self.parameter = parameter
            self.values = values
        }
    }

    /// A loss of an output, and its weight.
    package struct Loss {
        /// The index of the output.
        package let output: Int
        package let loss: any SwiftConvNet.Loss
        package let weight: Float
    }

    package let optimizer: any Optimizer
    package let update: UpdateRule
    package let losses: [Loss]
    /// For each output.
    package let metrics: [[any Metric]], weightedMetrics: [[any Metric]]
    /// The batches that have been learned from.
    package let step: Int
    /// The rate of the next step.
    package let learningRate: Float
    /// Of each slot name, the parameters in the model's order.
    package let slots: [Slot]
    /// The optimizer's scalars, by its own order.
    package let scalars: [Double]
}

extension Model {
    /// What `compile` and training have made; `nil` for a model that is not compiled.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory for copies.
    package var trainingState: TrainingState? {
        get throws {
            guard let compilation else { return nil }
            let state = compilation.optimizer
            let slots = try state.layout.slots.map { slot in
                let parameter = state.entries[slot.entry].name
                return TrainingState.Slot(
                    slot: String(slot.name.dropFirst("optimizer/".count).dropLast(parameter.count + 1)),
                    parameter: parameter,
                    values: try Tensor(shape: slot.shape) {
                        _ = $0.update(
                            fromContentsOf: UnsafeBufferPointer(
                                start: state.slots.floats + slot.offset,
                                count: slot.range.count
                            )
                        )
                    }
                )
            }
            func metrics(_ isWeighted: Bool) -> [[any Metric]] {
                compilation.criteria.metrics.map { list in
                    list.filter { $0.isWeighted == isWeighted }.map(\.metric)
                }
            }
            return TrainingState(
                optimizer: state.optimizer,
                update: state.rule,
                losses: compilation.criteria.objective.terms.map {
                    TrainingState.Loss(output: $0.output, loss: $0.loss, weight: $0.factor)
                },
                metrics: metrics(false),
                weightedMetrics: metrics(true),
                step: state.step,
                learningRate: state.learningRate,
                slots: slots,
                scalars: state.scalarValues
            )
        }
    }

    /// Takes over how far an optimizer of the same kind has come elsewhere. Slots that are not named keep their values.
    ///
    /// - Parameters:
    ///   - step: the batches that have been learned from.
    ///   - slots: arrays by slot and parameter.
    ///   - scalars: the optimizer's scalars; `nil` leaves them.
    /// - Throws: `ConvNetError` of kind `state` if the model is not compiled, of kind `shape` for an array of another shape.
    package func restore(step: Int, slots: [TrainingState.Slot], scalars: [Double]?) throws {
        let state = try compiled(for: "restore").optimizer
        let places = Dictionary(uniqueKeysWithValues: state.layout.slots.map { ($0.name, $0) })
        for slot in slots {
            let name = "optimizer/\(slot.slot)/\(slot.parameter)"
            guard let place = places[name], place.shape == slot.values.shape else {
                throw ConvNetError(
                    .shape,
                    "The optimizer keeps no such array",
                    at: name,
                    expected: places[name].map { "\($0.shape)" } ?? "one of \(places.keys.sorted())",
                    received: "\(slot.values.shape)"
                )
            }
            slot.values.withUnsafeBufferPointer {
                guard let first = $0.baseAddress else { return }
                (state.slots.floats + place.offset).update(from: first, count: $0.count)
            }
        }
        state.step = step
        state.batchesDone = step
        if let scalars { try state.restore(scalars: scalars.map(ExactNumber.init)) }
    }
}
