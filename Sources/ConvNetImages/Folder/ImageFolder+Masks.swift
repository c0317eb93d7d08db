import SwiftConvNet

extension ImageFolder {
    /// Pictures with a mask each, for segmentation: two folders that hold files of the same names, but for their endings.
    ///
    /// A mask is a PNG or BMP file with a palette, whose indices are the classes, or a PNG, PBM or PGM file in grey, whose levels
    /// are the classes. Its size is that of its picture. The target is `[height, width]` of class numbers, as
    /// `SparseCategoricalCrossentropy` takes it; each is that of the nearest pixel. Where pictures are padded, the class is 0.
    ///
    /// ```swift
    /// let data = try ImageFolder(images: "photos", masks: "masks", imageSize: [128, 128])
    /// let leaves = try ImageFolder(images: "photos", masks: "black-and-white", maskValues: [0, 255], imageSize: [128, 128])
    /// ```
    ///
    /// - Parameters:
    ///   - images: the folder of the pictures; they may be in folders within it.
    ///   - masks: the folder of the masks, in the same folders within it.
    ///   - maskValues: the level of each class, such as 0 and 255; others are errors when they are read. Default `nil`: levels are
    ///     the classes.
    ///   - colorMode: the channels of the pictures. Default `.rgb`.
    ///   - imageSize: the height and width that they get. Default 256.
    ///   - shuffle: whether they are put in random order. Default `true`.
    ///   - seed: from which the order is made. Default 0.
    ///   - validationSplit: the share of the pictures that validate. Default: none.
    ///   - subset: which part this dataset has, with `validationSplit`.
    ///   - interpolation: how pictures get their size. Default `.bilinear`; masks always `.nearest`.
    ///   - followLinks: whether links to folders are followed. Default `false`.
    ///   - cropToAspectRatio: whether pictures and masks are cropped to the aspect ratio of `imageSize`, and not stretched.
    ///   - padToAspectRatio: whether zeros are added for it.
    ///   - options: limits, checks, broken files.
    /// - Throws: `ConvNetError` of kind `data` if a picture has no mask or a mask no picture; as the initializer of a folder.
    public init(
        images: String,
        masks: String,
        maskValues: [Int]? = nil,
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
        let pictures = try Self.stems(FolderIndex(path: images, followsLinks: followLinks))
        let partners = try Self.stems(FolderIndex(path: masks, followsLinks: followLinks))
        try Self.checkPartners(of: pictures, among: partners, kind: "picture", partner: "mask", at: images)
        try Self.checkPartners(of: partners, among: pictures, kind: "mask", partner: "picture", at: masks)
        let stems = pictures.keys.sorted(by: FolderIndex.precedes)
        try self.init(
            Content(
                paths: stems.compactMap { pictures[$0] },
                masks: stems.compactMap { partners[$0] },
                maskClasses: maskValues.map(MaskClasses.init(levels:)),
                name: images
            ),
            labelMode: nil,
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

    /// The files of a folder by their paths in it without endings.
    ///
    /// - Throws: `ConvNetError` of kind `data` if two are the same but for their endings.
    private static func stems(_ index: FolderIndex) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try index.pictures(in: "") {
            let stem = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
            let path = "\(index.path)/\(name)"
            if let other = files.updateValue(path, forKey: stem) {
                throw ConvNetError(
                    .data,
                    "Two files have the same name but for their endings",
                    at: index.path,
                    received: "\(other) and \(path)"
                )
            }
        }
        return files
    }

    private static func checkPartners(
        of files: [String: String],
        among others: [String: String],
        kind: String,
        partner: String,
        at folder: String
    ) throws {
        let alone = files.filter { others[$0.key] == nil }.values.sorted(by: FolderIndex.precedes)
        guard !alone.isEmpty else { return }
        let shown = 20
        throw ConvNetError(
            .data,
            alone.count == 1 ? "A \(kind) has no \(partner)" : "\(alone.count) \(kind)s have no \(partner)",
            at: folder,
            expected: "a \(partner) of the same name, but for its ending",
            received: alone.prefix(shown).joined(separator: ", ")
                + (alone.count > shown ? " and \(alone.count - shown) more" : "")
        )
    }
}
