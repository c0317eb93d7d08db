import CMNISTSample
import SwiftConvNet

/// The MNIST database of handwritten digits: 60,000 images for training and 10,000 for testing, 28×28 grey
/// levels, in ten classes.
///
/// Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0.
///
/// ```swift
/// let mnist = try MNIST.load()
/// print(mnist)                        // MNIST: 60000 training and 10000 test images from the cache folder …
/// print(mnist.train.samples.shape)    // [60000, 28, 28, 1]
/// ```
public enum MNIST {
    /// The names of the classes, by their number.
    public static var classNames: [String] { PublishedDataset.mnist.classNames }

    /// Loads MNIST from the first of these places that has it:
    ///
    /// 1. `folder`: the four files, plain or gzip, are in it or in its folder `mnist`. If they are not, or
    ///    are broken, that is an error. Other content in the same form is welcome, a cut-down copy for
    ///    example.
    /// 2. The folder `mnist` in the one that the environment variable `SWIFTCONVNET_DATA` names. Without the
    ///    files it is passed over; broken files are an error.
    /// 3. The user's cache folder: `swiftconvnet/mnist` in `XDG_CACHE_HOME`, or else in `~/.cache`. Files
    ///    that are not MNIST's are passed over, and replaced by a download.
    /// 4. A download from public mirrors into that folder, if `allowDownload` and if the package was built with
    ///    its trait `Downloads`, which is on by default. Without a network this gives up after a few seconds.
    /// 5. The sample of 5,000 digits that is shipped with this package, see `sample()`. A notice on standard
    ///    error says so, unless `verbose` is `.silent`.
    ///
    /// The files are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
    /// `t10k-labels-idx1-ubyte`, each also with `.gz` at its end. Upper case, other separators
    /// (`train-images.idx3-ubyte`) and a folder of that name around the file, as copies on Kaggle have them, are
    /// welcome. Files known to be those of Fashion-MNIST, or in each other's places, are an error. Other images in
    /// the same form are loaded and called unknown: `LoadedDataset.isPublished`.
    ///
    /// - Parameters:
    ///   - folder: A folder with the four files, or with a folder `mnist` that has them.
    ///   - allowDownload: Whether the files may be downloaded.
    ///   - progress: Receives the progress of a download, on another thread.
    ///   - verbose: Whether to say on standard error, once per process, that the sample was taken because no place has
    ///     the whole dataset. Only `.silent` says nothing.
    /// - Returns: The dataset; images are `[samples, height: 28, width: 28, channels: 1]`.
    /// - Throws: `ConvNetError` of kind `file` if `folder` lacks files or one cannot be read; of kind
    ///   `format` if a file is not what its format demands; of kind `data` if files do not belong together or
    ///   are another dataset's, or a label is not in `0..<10`.
    public static func load(
        from folder: String? = nil,
        allowDownload: Bool = true,
        progress: DownloadProgress.Handler? = nil,
        verbose: Verbosity = .automatic
    ) throws -> LoadedDataset {
        let dataset = try DatasetSearch(
            .mnist,
            folder: folder,
            allowDownload: allowDownload,
            progress: progress
        ).load()
        if verbose != .silent { SampleNotice.shared.show(for: dataset) }
        return dataset
    }

    /// The sample of MNIST that is shipped with this package: 4,000 of its training images for training and
    /// 1,000 others of them for testing, with equally many of each digit in both.
    ///
    /// - Returns: The dataset; images are `[samples, height: 28, width: 28, channels: 1]`. In both parts the
    ///   digits take turns: 0, 1, 2, … 9, 0, 1, ….
    /// - Throws: `ConvNetError` of kind `format` if the package was damaged.
    public static func sample() throws -> LoadedDataset {
        try shippedSample(passedOver: [])
    }

    static func shippedSample(passedOver: [String]) throws -> LoadedDataset {
        try MemoryCheck.require(mnist_sample_images_size, for: "the shipped sample")
        let images = try IDXFile(
            decoding: Array(UnsafeBufferPointer(start: mnist_sample_images, count: mnist_sample_images_size)),
            name: "the shipped sample's images"
        )
        let labels = try IDXFile(
            decoding: Array(UnsafeBufferPointer(start: mnist_sample_labels, count: mnist_sample_labels_size)),
            name: "the shipped sample's labels"
        )
        let trainingCount = 4000
        let files = FourFiles(decoding: { file in
            switch file {
            case .trainImages: images.samples(..<trainingCount)
            case .trainLabels: labels.samples(..<trainingCount)
            case .testImages: images.samples(trainingCount...)
            case .testLabels: labels.samples(trainingCount...)
            }
        })
        return try files.dataset(.mnist, source: .sample, passedOver: passedOver)
    }
}
