import SwiftConvNet

/// CIFAR-100: 50,000 photographs for training and 10,000 for testing, 32×32 pixels in colour, in 100 classes, which are
/// parts of 20 coarse ones.
///
/// A. Krizhevsky, Learning multiple layers of features from tiny images (2009).
///
/// ```swift
/// let cifar = try CIFAR100.load(.coarse, from: "cifar-100")
/// print(cifar.classNames[0])          // aquatic_mammals
/// ```
public enum CIFAR100 {
    /// Which of an image's two labels is its class: Keras' `label_mode`.
    public enum LabelMode: String, Sendable, Hashable, CaseIterable {
        /// The 100 classes.
        case fine
        /// The 20 coarse classes.
        case coarse
    }

    /// The names of the classes, by their number.
    public static func classNames(_ mode: LabelMode = .fine) -> [String] {
        (mode == .fine ? fineNames : coarseNames).split(separator: " ").map(String.init)
    }

    /// Loads CIFAR-100 as `CIFAR10.load(from:allowDownload:progress:)` loads CIFAR-10. The archive is
    /// `cifar-100-binary.tar.gz`, its files are `train.bin` and `test.bin`, also in a folder `cifar-100-binary`; the folder
    /// in `SWIFTCONVNET_DATA` and in the cache is `cifar-100`.
    ///
    /// - Parameters:
    ///   - mode: which label is the class. Default: the fine one.
    ///   - folder: a folder with the archive or its files, or with a folder `cifar-100` that has them.
    ///   - allowDownload: whether the archive, 169 MB, may be downloaded. Default: yes.
    ///   - progress: receives the progress of a download, on another thread.
    /// - Returns: The dataset; images are `[samples, height: 32, width: 32, channels: 3]`.
    /// - Throws: as `CIFAR10.load(from:allowDownload:progress:)`.
    public static func load(
        _ mode: LabelMode = .fine,
        from folder: String? = nil,
        allowDownload: Bool = true,
        progress: DownloadProgress.Handler? = nil
    ) throws -> LoadedDataset {
        try DatasetSearch(
            PublishedArchive.cifar100(mode),
            folder: folder,
            allowDownload: allowDownload,
            progress: progress
        ).load()
    }

    private static let coarseNames = """
        aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices \
        household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes \
        large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees \
        vehicles_1 vehicles_2
        """

    private static let fineNames = """
        apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle \
        caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant \
        flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man \
        maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree \
        plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper \
        snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train \
        trout tulip turtle wardrobe whale willow_tree wolf woman worm
        """
}
