import SwiftConvNet

/// CIFAR-10: 50,000 photographs for training and 10,000 for testing, 32×32 pixels in colour, in ten classes.
///
/// A. Krizhevsky, Learning multiple layers of features from tiny images (2009).
///
/// ```swift
/// let cifar = try CIFAR10.load(from: "cifar-10")
/// print(cifar.train.samples.shape)    // [50000, 32, 32, 3]
/// print(cifar.classNames[0])          // airplane
/// ```
public enum CIFAR10 {
    /// The names of the classes, by their number.
    public static var classNames: [String] { PublishedArchive.cifar10.classNames }

    /// Loads CIFAR-10 from the first of these places that has it:
    ///
    /// 1. `folder`: the archive `cifar-10-binary.tar.gz` is in it or in its folder `cifar-10`, or the files of the archive:
    ///    `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, also in a folder `cifar-10-batches-bin`. If they
    ///    are not, or are broken, that is an error. Other content in the same form is welcome, a cut-down copy for example.
    /// 2. The folder `cifar-10` in the one that the environment variable `SWIFTCONVNET_DATA` names. Without the files it is
    ///    passed over; broken files are an error.
    /// 3. The user's cache folder: `swiftconvnet/cifar-10` in `XDG_CACHE_HOME`, or else in `~/.cache`. An archive that is
    ///    not the published one is passed over, and replaced by a download.
    /// 4. A download of 170 MB into that folder, if `allowDownload` and if the package was built with its trait
    ///    `Downloads`, which is on by default. The archive is kept if its SHA-256 is that of the published one.
    ///
    /// The archive is read as it is and never unpacked to a disk. Pixels come out as `[height, width, channels]`; the files
    /// have them as planes. Whether the content is the published one is known of an archive, by its SHA-256, and not of
    /// unpacked files: `LoadedDataset.isPublished` is false for them.
    ///
    /// - Parameters:
    ///   - folder: a folder with the archive or its files, or with a folder `cifar-10` that has them.
    ///   - allowDownload: whether the archive may be downloaded. Default: yes.
    ///   - progress: receives the progress of a download, on another thread.
    /// - Returns: The dataset; images are `[samples, height: 32, width: 32, channels: 3]`.
    /// - Throws: `ConvNetError` of kind `file` if no place has the files, `folder` lacks some, or one cannot be read; of
    ///   kind `network` if none has them and the download failed; of kind `format` if archive or files are not what their
    ///   format demands, or the archive has links or names that lead out of it; of kind `data` if a label is not in
    ///   `0..<10`.
    public static func load(
        from folder: String? = nil,
        allowDownload: Bool = true,
        progress: DownloadProgress.Handler? = nil
    ) throws -> LoadedDataset {
        try DatasetSearch(
            PublishedArchive.cifar10,
            folder: folder,
            allowDownload: allowDownload,
            progress: progress
        ).load()
    }
}
