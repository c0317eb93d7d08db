import SwiftConvNet

/// Samples with targets, for training and for tests.
struct LabeledData {
    /// What the data are called.
    let name: String
    /// To train on; the only part if there is one.
    let training: any Dataset
    /// To test with, if the data say which.
    let test: (any Dataset)?
    let classNames: [String]?
    /// The classes of what is trained on, if they are numbers in a file.
    var labels: Labels?

    /// What to evaluate on.
    var evaluation: any Dataset { test ?? training }

    /// The number of classes, if targets are classes that have names.
    var classCount: Int? { classNames?.count }
}
