import SwiftConvNet

/// The pictures of a folder as a dataset: Keras' `image_dataset_from_directory`, with the same files in the same order.
///
/// ```swift
/// // pictures/cats/1.jpg, pictures/cats/2.png, …, pictures/dogs/1.jpg, …
/// let (training, validation) = try ImageFolder("pictures", imageSize: [180, 180], seed: 1).parts(validationSplit: 0.2)
/// print(training.count, training.classNames ?? [])
/// ```
///
/// A sample is a picture `[height, width, channels]` of numbers in 0...255, and its class. Pictures are decoded when they are read,
/// by background threads that are two batches ahead of the training. Besides a folder with a folder for each class, a list names
/// pictures and classes (``init(list:in:hasHeader:labelMode:classNames:colorMode:imageSize:shuffle:seed:validationSplit:subset:interpolation:cropToAspectRatio:padToAspectRatio:options:)``),
/// and two folders hold pictures and their masks
/// (``init(images:masks:maskValues:colorMode:imageSize:shuffle:seed:validationSplit:subset:interpolation:followLinks:cropToAspectRatio:padToAspectRatio:options:)``).
///
/// Pixels differ from Keras' in two ways: a JPEG file is turned the way up that its camera has noted, and another decoder of JPEG
/// gives levels that differ by some units.
public struct ImageFolder: Dataset {
    /// Where the classes come from.
    public enum LabelSource: Sendable, Hashable {
        /// Each folder in the folder is a class.
        case inferred
        /// There are none.
        case none
        /// The class of each picture, in the order of their paths. Pictures are looked for in the whole folder.
        case list([Int])
    }

    /// What a class is for the model.
    public enum LabelMode: String, Sendable, Hashable, CaseIterable {
        /// A number, for `SparseCategoricalCrossentropy`.
        case int
        /// As many numbers as there are classes, 1 for its own, for `CategoricalCrossentropy`.
        case categorical
        /// 0 or 1, for `BinaryCrossentropy`, of two classes.
        case binary
    }

    /// A part of the pictures.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// All but the last ones.
        case training
        /// The last ones in the order that the seed gives.
        case validation
    }

    /// What is rarely changed.
    public struct Options: Sendable, Hashable {
        /// How far files are looked at beforehand.
        public enum Check: String, Sendable, Hashable, CaseIterable {
            /// Not at all: a broken file ends the training when it is read.
            case none
            /// Their headers are read: what they are, their sizes, and whether masks have levels or indices that can be classes.
            case headers
            /// They are decoded.
            case pixels
        }

        /// What becomes of broken files.
        public enum OnBroken: String, Sendable, Hashable, CaseIterable {
            /// An error names them, of many the first 20.
            case refuse
            /// They are left out; ``ImageFolder/skipped`` has them.
            case skip
        }

        /// What a picture may take at most.
        public var limits: ImageLimits
        /// How far files are looked at beforehand.
        public var check: Check
        /// What becomes of broken files that are found then.
        public var onBroken: OnBroken
        /// Whether JPEG files that are at least twice as large as `imageSize` are decoded at 1/2, 1/4 or 1/8 of their size. That is
        /// faster and smooths, so that pixels differ from Keras'.
        public var decodesScaled: Bool

        /// Options, with their defaults.
        ///
        /// - Parameters:
        ///   - limits: what a picture may take at most.
        ///   - check: how far files are looked at beforehand. Default: their headers.
        ///   - onBroken: what becomes of broken files that are found then. Default: an error names all of them.
        ///   - decodesScaled: whether large JPEG files are decoded at a part of their size. Default: `false`.
        public init(
            limits: ImageLimits = ImageLimits(),
            check: Check = .headers,
            onBroken: OnBroken = .refuse,
            decodesScaled: Bool = false
        ) {
            self.limits = limits
            self.check = check
            self.onBroken = onBroken
            self.decodesScaled = decodesScaled
        }
    }

    /// The files, in the order of the samples.
    public let paths: [String]
    /// The classes of the samples; `nil` if there are none.
    public let labels: Labels?
    /// The files of the masks, in the order of the samples; `nil` if there are none.
    public let maskPaths: [String]?
    /// The names of the classes, by their numbers.
    public let classNames: [String]?
    /// The files that were left out for they are broken; see ``Options/onBroken``. Both of ``parts(validationSplit:)`` have all of
    /// them.
    public let skipped: [BrokenFile]
    public let fields: [Field]
    public var count: Int { paths.count }
    public var hasTargetsInMemory: Bool { maskPaths == nil }
    /// Two batches.
    public var readsAhead: Int { 2 }
    public let identity: String?

    let reader: PictureReader
    private let labelMode: LabelMode?
    private let maskClasses: MaskClasses?

    /// What a dataset is made of, before it is shuffled and split.
    struct Content {
        var paths: [String]
        var labels: [Int32]?
        var masks: [String]?
        var classNames: [String]?
        var maskClasses: MaskClasses?
        /// What errors call it.
        var name: String
    }

    /// In which order, and which of them.
    struct Selection {
        var shuffle: Bool
        var seed: UInt32
        var split: Double?
        var part: Part?
    }

    init(
        _ content: Content,
        labelMode: LabelMode?,
        selection: Selection,
        reader: PictureReader,
        options: Options
    ) throws {
        let order = try selection.order(of: content.paths.count, at: content.name)
        var paths = order.map { content.paths[$0] }
        var labels = labelMode == nil ? nil : content.labels.map { labels in order.map { labels[$0] } }
        var masks = content.masks.map { masks in order.map { masks[$0] } }
        var broken: [BrokenFile] = []
        if options.check != .none {
            broken = Self.brokenFiles(
                paths,
                masks: masks,
                limits: options.limits,
                decoding: options.check == .pixels
            )
        }
        let fileCount = paths.count + (masks?.count ?? 0)
        if options.onBroken == .refuse, let error = BrokenFile.error(broken, of: fileCount) { throw error }
        // Without the trait every file would be left out.
        if let lack = broken.first(where: { $0.error.kind == .environment }) { throw lack.error }
        let names = Set(broken.map(\.path))
        if !names.isEmpty {
            let kept = paths.indices.filter { place in
                !names.contains(paths[place]) && !(masks.map { names.contains($0[place]) } ?? false)
            }
            paths = kept.map { paths[$0] }
            labels = labels.map { labels in kept.map { labels[$0] } }
            masks = masks.map { masks in kept.map { masks[$0] } }
        }
        guard !paths.isEmpty else {
            throw ConvNetError(
                .data,
                "There are no pictures left",
                at: content.name,
                expected: "at least one that is not broken",
                received: "\(broken.count) broken ones"
            )
        }
        self.paths = paths
        self.labels = labels.map { Labels($0) }
        maskPaths = masks
        classNames = labelMode == nil && masks == nil ? nil : content.classNames
        maskClasses = content.maskClasses
        skipped = broken
        self.reader = reader
        self.labelMode = labels == nil ? nil : labelMode
        fields = try Self.fields(
            content,
            labelMode: self.labelMode,
            size: reader.size,
            mode: reader.colorMode
        )
        identity = Self.identity(paths, masks, reader, content.maskClasses)
    }

    /// Some of the samples of a dataset.
    private init(_ whole: ImageFolder, _ places: Range<Int>) {
        paths = Array(whole.paths[places])
        labels = whole.labels.map { Labels(Array($0.values[places])) }
        maskPaths = whole.maskPaths.map { Array($0[places]) }
        classNames = whole.classNames
        skipped = whole.skipped
        fields = whole.fields
        reader = whole.reader
        labelMode = whole.labelMode
        maskClasses = whole.maskClasses
        identity = Self.identity(paths, maskPaths, reader, maskClasses)
    }

    /// A part to train on and one to validate with, Keras' `subset="both"`: the folder is read once.
    ///
    /// ```swift
    /// let (training, validation) = try ImageFolder("pictures", imageSize: 180, seed: 1).parts(validationSplit: 0.2)
    /// ```
    ///
    /// They are those of two folders with `validationSplit` and `subset`, if no broken file was skipped. `split(validation:)`, which
    /// all datasets have, draws other samples, and can stratify.
    ///
    /// - Parameter validationSplit: the share of the pictures that validate, above 0 and below 1; their number is rounded down, and
    ///   they are the last ones.
    /// - Throws: `ConvNetError` of kind `argument` for a share that is none, of kind `data` if a part would be empty.
    public func parts(validationSplit: Double) throws -> (training: ImageFolder, validation: ImageFolder) {
        let trained = count - (try Selection.validationCount(validationSplit, of: count, at: "ImageFolder"))
        return (ImageFolder(self, 0..<trained), ImageFolder(self, trained..<count))
    }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        if let values = sample.values(of: 0) { try reader.read(paths[index], into: values) }
        if let masks = maskPaths {
            guard let values = sample.values(of: 1) else { return }
            try reader.readMask(masks[index], of: paths[index], classes: maskClasses, into: values)
        } else if let labels {
            let label = labels.values[index]
            sample.label(of: 1)?.pointee = label
            guard let values = sample.values(of: 1) else { return }
            if labelMode == .binary {
                values[0] = Float(label)
            } else {
                values.update(repeating: 0)
                values[Int(label)] = 1
            }
        }
    }

    /// The files that cannot be read, in the order of the samples, masks after pictures.
    ///
    /// - Parameter decoding: whether their pixels are decoded, too, and not their headers alone. Default: `true`.
    public func brokenFiles(decoding: Bool = true) -> [BrokenFile] {
        Self.brokenFiles(paths, masks: maskPaths, limits: reader.limits, decoding: decoding)
    }

    /// Checks that all files can be read.
    ///
    /// - Parameter decoding: whether their pixels are decoded, too, and not their headers alone. Default: `true`.
    /// - Throws: `ConvNetError` of kind `data` that names the broken ones, up to twenty; if there is one, its own error.
    public func check(decoding: Bool = true) throws {
        let fileCount = count + (maskPaths?.count ?? 0)
        if let error = BrokenFile.error(brokenFiles(decoding: decoding), of: fileCount) { throw error }
    }

    private static func brokenFiles(
        _ paths: [String],
        masks: [String]?,
        limits: ImageLimits,
        decoding: Bool
    ) -> [BrokenFile] {
        func find(_ paths: [String], form: PixelForm) -> [BrokenFile] {
            BrokenFile.find(in: paths) { path in
                guard decoding else {
                    _ = try Picture.header(ofFile: path, form: form, limits: limits)
                    return
                }
                let bytes = try FileContents.read(path, limit: limits.fileBytes)
                _ = try Picture.decode(bytes, name: path, form: form, limits: limits)
            }
        }
        return find(paths, form: .color(.rgb)) + find(masks ?? [], form: .indices)
    }

    private static func fields(_ content: Content, labelMode: LabelMode?, size: Size2D, mode: ColorMode)
        throws
        -> [Field]
    {
        let input = Field("input", .input, shape: [size.height, size.width, mode.channels])
        if content.masks != nil {
            return [input, Field("target", .target, shape: [size.height, size.width])]
        }
        let count = content.classNames?.count ?? 0
        switch labelMode {
        case nil: return [input]
        case .int: return [input, .label("target")]
        case .binary:
            guard count == 2 else {
                throw ConvNetError(
                    .argument,
                    "Binary labels need two classes",
                    at: "ImageFolder, labelMode",
                    expected: "2 classes",
                    received: "\(count)"
                )
            }
            return [input, Field("target", .target, shape: [1])]
        case .categorical: return [input, Field("target", .target, shape: [count])]
        }
    }

    /// Paths without the folder that is common to all: a dataset that has moved is the same.
    private static func relative(_ paths: [String]) -> [String] {
        guard let first = paths.first else { return [] }
        var folder = first.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for path in paths.dropFirst() {
            while !path.hasPrefix(folder.joined(separator: "/") + "/"), !folder.isEmpty {
                folder.removeLast()
            }
        }
        let length = folder.isEmpty ? 0 : folder.joined(separator: "/").utf8.count + 1
        return paths.map { String(decoding: $0.utf8.dropFirst(length), as: UTF8.self) }
    }

    private static func identity(
        _ paths: [String],
        _ masks: [String]?,
        _ reader: PictureReader,
        _ classes: MaskClasses?
    ) -> String {
        let text =
            relative(paths) + (masks.map(relative) ?? []) + [reader.identity, "\(classes?.levels ?? [])"]
        var digest = SHA256()
        for line in text { digest.update(Array("\(line)\n".utf8)) }
        return "ImageFolder \(digest.digest)"
    }
}

extension ImageFolder.Selection {
    /// The numbers of the samples, in their order.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for a split that is none, of kind `data` if a part would be empty.
    fileprivate func order(of count: Int, at name: String) throws -> [Int] {
        if let split { try Self.checkSplit(split) }
        guard (split == nil) == (part == nil) else {
            throw ConvNetError(
                .argument,
                "A split and the part that is wanted go together",
                at: "ImageFolder",
                expected: "both validationSplit and subset, or neither",
                received: split == nil ? "subset alone" : "validationSplit alone"
            )
        }
        guard count > 0 else {
            throw ConvNetError(
                .data,
                "There are no pictures",
                at: name,
                expected: "files whose names end in \(FolderIndex.endings.joined(separator: ", "))",
                received: "none"
            )
        }
        let order = shuffle ? NumPyShuffle.order(of: count, seed: seed) : Array(0..<count)
        guard let split, let part else { return order }
        let validationCount = try Self.validationCount(split, of: count, at: name)
        return Array(part == .training ? order.dropLast(validationCount) : order.suffix(validationCount))
    }

    /// How many of `count` samples validate.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for a split that is none, of kind `data` if a part would be empty.
    fileprivate static func validationCount(_ split: Double, of count: Int, at name: String) throws -> Int {
        try checkSplit(split)
        let validationCount = Int(split * Double(count))
        guard validationCount > 0, validationCount < count else {
            throw ConvNetError(
                .data,
                "The split leaves a part without pictures",
                at: "\(name), validationSplit",
                expected: "at least one picture of \(count) in each part",
                received: "\(validationCount) for validation"
            )
        }
        return validationCount
    }

    private static func checkSplit(_ split: Double) throws {
        guard split > 0, split < 1 else {
            throw ConvNetError(
                .argument,
                "The split is none",
                at: "ImageFolder, validationSplit",
                expected: "a share above 0 and below 1",
                received: "\(split)"
            )
        }
    }
}
