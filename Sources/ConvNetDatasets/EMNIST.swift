import SwiftConvNet

/// EMNIST: handwritten digits and letters of NIST's database in the form of MNIST, 28×28 grey levels, in six splits.
///
/// G. Cohen, S. Afshar, J. Tapson, A. van Schaik, EMNIST: an extension of MNIST to handwritten letters (2017). The files
/// are in `gzip.zip` at https://www.nist.gov/itl/products-and-services/emnist-dataset.
///
/// ```swift
/// let letters = try EMNIST.load(.letters, from: "emnist")
/// print(letters.classNames[0])     // A
/// ```
public enum EMNIST {
    /// A part of the database, with classes of its own.
    public enum Split: String, Sendable, Hashable, CaseIterable {
        /// 131,600 characters in 47 classes of equal size: digits, capitals, and those small letters that look otherwise.
        case balanced
        /// All 814,255 characters in 62 classes: digits, capitals and small letters.
        case byClass = "byclass"
        /// All characters in the 47 classes of `balanced`.
        case byMerge = "bymerge"
        /// 280,000 digits.
        case digits
        /// 145,600 letters in 26 classes, capital and small together.
        case letters
        /// 70,000 digits, in the sizes of MNIST.
        case mnist
    }

    /// The names of a split's classes, by their number.
    public static func classNames(_ split: Split) -> [String] {
        let digits = "0123456789", capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        let names =
            switch split {
            case .balanced, .byMerge: digits + capitals + "abdefghnqrt"
            case .byClass: digits + capitals + capitals.lowercased()
            case .digits, .mnist: digits
            case .letters: capitals
            }
        return names.map(String.init)
    }

    /// Loads a split from a folder, or from the folder `emnist` in the one that the environment variable
    /// `SWIFTCONVNET_DATA` names. It is not downloaded, and its digests are not known here: `LoadedDataset.isPublished` is
    /// false.
    ///
    /// The files are `emnist-SPLIT-train-images-idx3-ubyte`, `emnist-SPLIT-train-labels-idx1-ubyte` and the same with
    /// `test`, each also with `.gz` at its end. They have images by columns, which are turned into rows here, so that
    /// characters stand upright, as MNIST's; and labels of letters from 1, which count from 0 here.
    ///
    /// - Parameters:
    ///   - split: which part.
    ///   - folder: a folder with the four files of the split, or with a folder `emnist` that has them.
    /// - Returns: The dataset; images are `[samples, height: 28, width: 28, channels: 1]`.
    /// - Throws: `ConvNetError` of kind `file` if no place has the files, `folder` lacks some, or one cannot be read; of
    ///   kind `format` if a file is not what its format demands; of kind `data` if files do not belong together or a label
    ///   is out of range.
    public static func load(_ split: Split, from folder: String? = nil) throws -> LoadedDataset {
        try DatasetSearch(PublishedDataset.emnist(split), folder: folder, allowDownload: true).load()
    }
}

extension PublishedDataset {
    package static func emnist(_ split: EMNIST.Split) -> PublishedDataset {
        PublishedDataset(
            name: "EMNIST (\(split.rawValue))",
            folderName: "emnist",
            classNames: EMNIST.classNames(split),
            digests: [:],
            mirrors: [],
            systemFolders: [],
            remedy:
                "Unpack gzip.zip of https://www.nist.gov/itl/products-and-services/emnist-dataset, and name the folder that has the files",
            filePrefix: "emnist-\(split.rawValue)-",
            isTransposed: true,
            firstLabel: split == .letters ? 1 : 0
        )
    }
}
