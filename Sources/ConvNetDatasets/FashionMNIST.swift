import SwiftConvNet

/// Fashion-MNIST: 60,000 images of clothes for training and 10,000 for testing, 28×28 grey levels, in ten
/// classes.
///
/// H. Xiao, K. Rasul, R. Vollgraf; Zalando SE; MIT licence.
///
/// ```swift
/// let fashion = try FashionMNIST.load()
/// print(fashion.classNames[9])   // Ankle boot
/// ```
public enum FashionMNIST {
    /// The names of the classes, by their number.
    public static var classNames: [String] { PublishedDataset.fashionMNIST.classNames }

    /// Loads Fashion-MNIST from the first of these places that has it:
    ///
    /// 1. `folder`: the four files, plain or gzip, are in it or in its folder `fashion-mnist`. If they are
    ///    not, or are broken, that is an error. Other content in the same form is welcome, a cut-down copy
    ///    for example.
    /// 2. The folder `fashion-mnist` in the one that the environment variable `SWIFTCONVNET_DATA` names.
    ///    Without the files it is passed over; broken files are an error.
    /// 3. The user's cache folder: `swiftconvnet/fashion-mnist` in `XDG_CACHE_HOME`, or else in `~/.cache`.
    ///    Files that are not Fashion-MNIST's are passed over, and replaced by a download.
    /// 4. `/usr/share/datasets/fashion-mnist`, where Debian's package `dataset-fashion-mnist` puts it.
    /// 5. A download from public mirrors into the cache folder, if `allowDownload` and if the package was built
    ///    with its trait `Downloads`, which is on by default. Without a network this gives up after a few seconds.
    ///
    /// The files have the names of MNIST's, see `MNIST.load(from:allowDownload:progress:verbose:)`. Files known to be
    /// those of MNIST, or in each other's places, are an error.
    ///
    /// - Parameters:
    ///   - folder: A folder with the four files, or with a folder `fashion-mnist` that has them.
    ///   - allowDownload: Whether the files may be downloaded.
    ///   - progress: Receives the progress of a download, on another thread.
    /// - Returns: The dataset; images are `[samples, height: 28, width: 28, channels: 1]`.
    /// - Throws: `ConvNetError` of kind `file` if no place has the files, `folder` lacks some, or one cannot
    ///   be read; of kind `network` if none has them and the download failed; of kind `format` if a file is
    ///   not what its format demands; of kind `data` if files do not belong together or are another
    ///   dataset's, or a label is not in `0..<10`.
    public static func load(
        from folder: String? = nil,
        allowDownload: Bool = true,
        progress: DownloadProgress.Handler? = nil
    ) throws -> LoadedDataset {
        try DatasetSearch(.fashionMNIST, folder: folder, allowDownload: allowDownload, progress: progress)
            .load()
    }
}
