import SwiftConvNet

/// A dataset of images in classes, as `MNIST.load()` and its like return it.
public struct LoadedDataset: Sendable {
    /// What the dataset is called: "MNIST"; "unknown images in MNIST's form" if it is not the published one.
    ///
    /// Kuzushiji-MNIST and others have files of MNIST's names and form, so the names alone do not tell.
    public let name: String
    /// Whether the content is the published one, by the SHA-256 of the four files; or the sample of it that is shipped
    /// with this package. False for datasets whose digests are not known here: KMNIST, EMNIST, and CIFAR's files once they are
    /// unpacked.
    public let isPublished: Bool
    /// The samples to train on: images as bytes `[samples, height, width, channels]`, and labels.
    public let train: ArrayDataset
    /// The samples to test with, in the same form.
    public let test: ArrayDataset
    /// The names of the classes; a label is a place in this list.
    public let classNames: [String]
    /// Where the dataset was found.
    public let source: DatasetSource
    /// The places that were looked at before `source`, one line each, and why they were passed over.
    public let passedOver: [String]
    /// The SHA-256 of the dataset's content, in hexadecimal: of the SHA-256 digests of the decompressed files
    /// (training images, training labels, test images, test labels; of CIFAR the files in their order), one after another.
    public let digest: String
}

extension LoadedDataset: CustomStringConvertible {
    /// One line that says what was loaded and from where.
    public var description: String {
        "\(name): \(train.count) training and \(test.count) test images from \(source)"
    }
}
