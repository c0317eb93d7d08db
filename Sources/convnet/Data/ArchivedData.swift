import ConvNetInterop
import SwiftConvNet

/// Targets in a NumPy file: integers along one axis are classes, all else is values.
enum TargetValues {
    case classes(Labels)
    case values(Tensor)

    init(_ file: NumPyFile) throws {
        let isColumn = file.shape.rank == 2 && file.shape[1] == 1
        switch file.elementType {
        case .float16, .float32, .float64: self = .values(try file.tensor)
        default:
            if file.shape.rank == 1 {
                self = .classes(try file.labels)
            } else if isColumn {
                // Keras' CIFAR has its classes so.
                self = .classes(
                    Labels(
                        try file.tensor.elements.map { value in
                            guard let label = Int32(exactly: value) else {
                                throw ConvNetError(
                                    .data,
                                    "A label does not fit 32 bits",
                                    at: file.path,
                                    received: "\(value)"
                                )
                            }
                            return label
                        }
                    )
                )
            } else {
                self = .values(try file.tensor)
            }
        }
    }

    var array: any TargetArray {
        switch self {
        case .classes(let labels): labels
        case .values(let tensor): tensor
        }
    }
}

/// Samples and targets in a `.npz` archive, under the names that Keras' datasets have.
struct ArchivedData {
    let labeled: LabeledData

    /// - Parameter scale: what samples are multiplied with; not at all unless given.
    /// - Throws: `ConvNetError` as `NumPyArchive`; of kind `data` if there are neither `x` and `y` nor `x_train` and `y_train`.
    init(contentsOf path: String, scale: Float?) throws {
        let archive = try NumPyArchive(contentsOf: path)
        func part(_ suffix: String) throws -> ArrayDataset? {
            guard archive.names.contains("x" + suffix), archive.names.contains("y" + suffix) else {
                return nil
            }
            let samples = try archive["x" + suffix].tensor
            let targets = try TargetValues(archive["y" + suffix])
            return try ArrayDataset(.values(scale.map { samples * $0 } ?? samples), targets.array.targets)
        }
        guard let training = try part("") ?? part("_train") else {
            throw ConvNetError(
                .data,
                "The archive has no samples with targets",
                at: path,
                expected: "x and y, or x_train and y_train",
                received: archive.names.joined(separator: ", ")
            )
        }
        var labeled = LabeledData(name: path, training: training, test: try part("_test"), classNames: nil)
        labeled.labels = training.labels
        self.labeled = labeled
    }
}
