import SwiftConvNet

/// Everything that an experiment leaves, bit by bit.
public struct Bits: Equatable {
    /// Some numbers with their name.
    public struct Item: Equatable {
        /// What the numbers are.
        public let name: String
        /// Their bytes, as they lie in memory.
        public let bytes: [UInt8]

        /// The elements of a tensor; its shape is part of the name.
        init(_ name: String, _ tensor: Tensor) {
            self.name = "\(name) \(tensor.shape)"
            bytes = tensor.withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }
        }

        /// Numbers that have names: those are part of the name.
        init(_ name: String, _ values: [(name: String, value: Double)]) {
            self.name = ([name] + values.map(\.name)).joined(separator: " ")
            bytes = values.flatMap { withUnsafeBytes(of: $0.value.bitPattern) { Array($0) } }
        }

        /// Loss and metrics; their names are part of the name.
        init(_ name: String, _ metrics: MetricValues, _ more: [(name: String, value: Double)] = []) {
            self.init(name, zip(metrics.names, metrics.values).map { ($0, $1) } + more)
        }
    }

    /// All parameters after training, the moving statistics among them.
    public internal(set) var weights: [Item] = []
    /// Loss and metrics of every epoch, of steps outside `fit`, and of an evaluation.
    public internal(set) var history: [Item] = []
    /// Predictions of the trained model, of its predictor and of a copy made by `setWeights`, at several batch sizes.
    public internal(set) var predictions: [Item] = []
    /// The gradients of the first batch with the initial weights.
    public internal(set) var gradients: [Item] = []

    /// The parts, with their names.
    public var parts: [(name: String, items: [Item])] {
        [("weights", weights), ("history", history), ("predictions", predictions), ("gradients", gradients)]
    }
}
