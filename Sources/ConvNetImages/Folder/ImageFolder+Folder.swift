import SwiftConvNet

extension ImageFolder {
    /// The pictures of a folder. Arguments and defaults are those of Keras' `image_dataset_from_directory`, but for the seed.
    ///
    /// A file is a picture if its name ends in .bmp, .gif, .jpeg, .jpg, .png, .pbm, .pgm or .ppm, in any case. GIF files are among
    /// them, for Keras counts them, but are broken ones here. Hidden folders are no classes.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - labels: where the classes come from. Default: each folder in it is a class, in the order of their names.
    ///   - labelMode: what a class is for the model; `nil` for no targets. Default `.int`.
    ///   - classNames: the folders that are classes, in the order of their numbers. Default: all.
    ///   - colorMode: the channels of the pictures. Default `.rgb`.
    ///   - imageSize: the height and width that they get. Default 256.
    ///   - shuffle: whether files are put in random order, of which the validation pictures are the last ones. `fit` shuffles the
    ///     samples of each epoch of its own. Default `true`.
    ///   - seed: from which the order is made; Keras' is the same. Default 0, where Keras draws one.
    ///   - validationSplit: the share of the pictures that validate, above 0 and below 1; rounded down. Default: none.
    ///   - subset: which part this dataset has, with `validationSplit`.
    ///   - interpolation: how pictures get their size, without antialiasing. Default `.bilinear`.
    ///   - followLinks: whether links to folders below the classes are followed. Default `false`.
    ///   - cropToAspectRatio: whether pictures are cropped to the aspect ratio of `imageSize`, and not stretched.
    ///   - padToAspectRatio: whether zeros are added for it.
    ///   - options: limits, checks, broken files.
    /// - Throws: `ConvNetError` of kind `file` if a folder cannot be read; of kind `argument` for arguments that do not go
    ///   together; of kind `data` if there are no pictures, or broken ones.
    public init(
        _ folder: String,
        labels: LabelSource = .inferred,
        labelMode: LabelMode? = .int,
        classNames: [String]? = nil,
        colorMode: ColorMode = .rgb,
        imageSize: Size2D = 256,
        shuffle: Bool = true,
        seed: UInt32 = 0,
        validationSplit: Double? = nil,
        subset: Part? = nil,
        interpolation: Interpolation = .bilinear,
        followLinks: Bool = false,
        cropToAspectRatio: Bool = false,
        padToAspectRatio: Bool = false,
        options: Options = Options()
    ) throws {
        let index = FolderIndex(path: folder, followsLinks: followLinks)
        try self.init(
            Self.content(index, labels: labels, labelMode: labelMode, classNames: classNames),
            labelMode: labels == .none ? nil : labelMode,
            selection: Selection(shuffle: shuffle, seed: seed, split: validationSplit, part: subset),
            reader: PictureReader(
                colorMode: colorMode,
                size: imageSize,
                interpolation: interpolation,
                crop: cropToAspectRatio,
                pad: padToAspectRatio,
                limits: options.limits,
                decodesScaled: options.decodesScaled
            ),
            options: options
        )
    }

    private static func content(
        _ index: FolderIndex,
        labels: LabelSource,
        labelMode: LabelMode?,
        classNames: [String]?
    ) throws -> Content {
        // Keras looks in the whole folder if there are no classes to have.
        let labels = labelMode == nil ? LabelSource.none : labels
        guard labels == .inferred else {
            if classNames != nil, labels != .none {
                throw ConvNetError(
                    .argument,
                    "Class names are those of folders",
                    at: "ImageFolder, classNames",
                    expected: "labels: .inferred",
                    received: "\(labels)"
                )
            }
            let paths = try index.pictures(in: "").map { "\(index.path)/\($0)" }
            var content = Content(paths: paths, name: index.path)
            if case .list(let numbers) = labels {
                (content.labels, content.classNames) = try classes(numbers, of: paths.count, labelMode)
            }
            return content
        }
        let folders = try index.folders()
        if let odd = classNames?.first(where: { !folders.contains($0) }) {
            throw ConvNetError(
                .argument,
                "A class has no folder",
                at: "ImageFolder, classNames",
                expected: folders.isEmpty ? "folders in \(index.path)" : folders.joined(separator: ", "),
                received: odd
            )
        }
        let names = classNames ?? folders
        var content = Content(paths: [], labels: [], classNames: names, name: index.path)
        for (number, name) in names.enumerated() {
            let paths = try index.pictures(in: name)
            content.paths += paths.map { "\(index.path)/\($0)" }
            content.labels? += Array(repeating: Int32(number), count: paths.count)
        }
        return content
    }

    /// Classes that were given as numbers, and their names, which are the numbers up to the largest.
    private static func classes(_ numbers: [Int], of count: Int, _ mode: LabelMode?) throws -> (
        [Int32], [String]
    ) {
        guard numbers.count == count else {
            throw ConvNetError(
                .argument,
                "There must be as many labels as pictures",
                at: "ImageFolder, labels",
                expected: "\(count)",
                received: "\(numbers.count)"
            )
        }
        var names = Set(numbers).sorted()
        if mode != .int, let odd = numbers.first(where: { !names.indices.contains($0) }) {
            throw ConvNetError(
                .data,
                "A label is out of range",
                at: "ImageFolder, labels",
                expected: "a class in 0..<\(names.count)",
                received: "\(odd)"
            )
        }
        // A list with gaps has names for them, too; negative numbers are no classes, but may be a target.
        if let first = names.first, let last = names.last, first >= 0, last < 1 << 20 {
            names = Array(0...last)
        }
        return (try Labels(numbers).values, names.map(String.init))
    }
}
