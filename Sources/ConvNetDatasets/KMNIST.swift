import SwiftConvNet

/// Kuzushiji-MNIST: 60,000 handwritten hiragana for training and 10,000 for testing, 28×28 grey levels, in ten classes.
///
/// T. Clanuwat, M. Bober-Irizar, A. Kitamoto, A. Lamb, K. Yamamoto, D. Ha, Deep learning for classical Japanese literature
/// (2018); CC BY-SA 4.0. The files, with MNIST's names, are at http://codh.rois.ac.jp/kmnist.
///
/// ```swift
/// let kuzushiji = try KMNIST.load(from: "kmnist")
/// print(kuzushiji.classNames[2])   // su
/// ```
public enum KMNIST {
    /// The names of the classes, by their number: the characters' sounds.
    public static var classNames: [String] { PublishedDataset.kmnist.classNames }

    /// Loads KMNIST from a folder, or from the folder `kmnist` in the one that the environment variable `SWIFTCONVNET_DATA`
    /// names. It is not downloaded, and its digests are not known here: `LoadedDataset.isPublished` is false.
    ///
    /// The files have the names of MNIST's, see `MNIST.load(from:allowDownload:progress:verbose:)`. Files known to be those
    /// of MNIST or Fashion-MNIST are an error.
    ///
    /// - Parameter folder: a folder with the four files, or with a folder `kmnist` that has them.
    /// - Returns: The dataset; images are `[samples, height: 28, width: 28, channels: 1]`.
    /// - Throws: `ConvNetError` of kind `file` if no place has the files, `folder` lacks some, or one cannot be read; of
    ///   kind `format` if a file is not what its format demands; of kind `data` if files do not belong together or are
    ///   another dataset's, or a label is not in `0..<10`.
    public static func load(from folder: String? = nil) throws -> LoadedDataset {
        try DatasetSearch(PublishedDataset.kmnist, folder: folder, allowDownload: true).load()
    }
}

extension PublishedDataset {
    package static let kmnist = PublishedDataset(
        name: "KMNIST",
        folderName: "kmnist",
        classNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
        digests: [:],
        mirrors: [],
        systemFolders: [],
        remedy:
            "Download the four files from http://codh.rois.ac.jp/kmnist, and name the folder that has them"
    )
}
