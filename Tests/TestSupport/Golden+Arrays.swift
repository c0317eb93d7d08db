import SwiftConvNet

/// Arrays of a golden file that stand there once, and that cases name by their number.
public protocol GoldenArrays {
    var arrays: [GoldenTensor] { get }
}

/// Targets, predictions and weights of a case, by their numbers among the file's arrays.
public protocol GoldenComparison {
    var y_true: Int { get }
    var y_pred: Int { get }
    var sample_weight: Int? { get }
}

/// The data of a case.
public struct GoldenData: Sendable {
    public let targets: GoldenTensor
    public let predictions: GoldenTensor
    /// One weight for each sample; Keras has them for each place of a map, all the same.
    public let weights: [Float]?

    public init(_ comparison: some GoldenComparison, _ file: some GoldenArrays) {
        targets = file.arrays[comparison.y_true]
        predictions = file.arrays[comparison.y_pred]
        let count = predictions.shape[0]
        weights = comparison.sample_weight.map { number in
            let values = file.arrays[number].values
            return (0..<count).map { values[$0 * (values.count / count)] }
        }
    }

    /// Samples of the data as arrays: targets of one axis are labels, if they are to be.
    public func part(_ samples: Range<Int>, areLabels: Bool) throws -> (
        targets: any TargetArray, predictions: Tensor, weights: [Float]?
    ) {
        let predictions = try predictions.tensor().sliced(samples)
        let weights = weights.map { Array($0[samples]) }
        if areLabels, targets.shape.count == 1 {
            return (try Labels(targets.values[samples].map { Int($0) }), predictions, weights)
        }
        return (try targets.tensor().sliced(samples), predictions, weights)
    }

    public var count: Int { predictions.shape[0] }
}
