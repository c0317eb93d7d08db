import SwiftConvNet

/// The decoded content of MNIST's four files, or of another dataset's in the same form.
struct FourFiles: Sendable {
    /// A decoded file and the SHA-256 of its content.
    struct Entry: Sendable {
        let file: IDXFile
        let digest: SHA256.Digest

        init(_ file: IDXFile) {
            self.file = file
            digest = file.digest
        }
    }

    private let trainImages: Entry
    private let trainLabels: Entry
    private let testImages: Entry
    private let testLabels: Entry

    /// The four files, each as `entry` has it.
    init(_ entry: (PublishedDataset.File) throws -> Entry) rethrows {
        trainImages = try entry(.trainImages)
        trainLabels = try entry(.trainLabels)
        testImages = try entry(.testImages)
        testLabels = try entry(.testLabels)
    }

    /// The four files, each as `file` decodes it.
    init(decoding file: (PublishedDataset.File) throws -> IDXFile) rethrows {
        try self.init { Entry(try file($0)) }
    }

    /// The dataset that the files hold.
    ///
    /// - Throws: `ConvNetError` of kind `format` or `data` if the files are not images of 28×28 and as many
    ///   labels in `0..<10`, or are known to be others.
    func dataset(
        _ published: PublishedDataset,
        source: DatasetSource,
        passedOver: [String]
    ) throws -> LoadedDataset {
        let entries: [(PublishedDataset.File, Entry)] = [
            (.trainImages, trainImages), (.trainLabels, trainLabels),
            (.testImages, testImages), (.testLabels, testLabels),
        ]
        var combined = SHA256()
        for (role, entry) in entries {
            combined.update(entry.digest.bytes)
            try Self.check(entry.digest.description, role: role, of: published, name: entry.file.name)
        }
        let isPublished =
            source == .sample
            || entries.allSatisfy { published.digests[$0] == $1.digest.description }
        return try LoadedDataset(
            // Without known digests it is what the caller says.
            name: isPublished || published.digests.isEmpty
                ? published.name : "unknown images in \(published.name)'s form",
            isPublished: isPublished,
            train: Self.part(trainImages.file, trainLabels.file, of: published),
            test: Self.part(testImages.file, testLabels.file, of: published),
            classNames: published.classNames,
            source: source,
            passedOver: passedOver,
            digest: combined.digest.description
        )
    }

    /// Throws if the digest is known to be that of another dataset's file, or of another file of this one.
    private static func check(
        _ digest: String,
        role: PublishedDataset.File,
        of published: PublishedDataset,
        name: String
    ) throws {
        guard let (dataset, file) = PublishedDataset.owner(of: digest) else { return }
        guard dataset.name == published.name, file == role else {
            throw ConvNetError(
                .data,
                "The file has the content of another",
                at: name,
                expected: "\(published.fileName(role)) of \(published.name)",
                received: "\(dataset.fileName(file)) of \(dataset.name)",
                remedy: dataset.name == published.name
                    ? "Put the files back in their places" : "Load \(dataset.name), or name another folder"
            )
        }
    }

    private static func part(_ images: IDXFile, _ labels: IDXFile, of published: PublishedDataset) throws
        -> ArrayDataset
    {
        guard images.elementType == .uint8 else { throw images.wrongType(expected: "uint8") }
        guard labels.elementType == .uint8 else { throw labels.wrongType(expected: "uint8") }
        guard images.shape.rank == 3, images.shape.dropFirst().elementsEqual([28, 28]) else {
            throw ConvNetError(
                .format,
                "The images have a wrong shape",
                at: images.name,
                expected: "[samples, height: 28, width: 28]",
                received: "\(images.shape)"
            )
        }
        let count = images.shape[0]
        guard count > 0 else {
            throw ConvNetError(
                .data,
                "There are no images",
                at: images.name,
                expected: "at least one",
                received: "none"
            )
        }
        let classes = try labels.labels
        guard classes.count == count else {
            throw ConvNetError(
                .data,
                "There must be as many labels as images",
                at: labels.name,
                expected: "\(count), as there are images in \(images.name)",
                received: "\(classes.count)"
            )
        }
        let range = published.firstLabel..<(published.firstLabel + published.classNames.count)
        if let place = labels.bytes.firstIndex(where: { !range.contains(Int($0)) }) {
            throw ConvNetError(
                .data,
                "A label is out of range",
                at: "\(labels.name), label \(place)",
                expected: "a class in \(range)",
                received: "\(labels.bytes[place])"
            )
        }
        let bytes = published.isTransposed ? try transposed(images, side: 28) : images.bytes
        if published.firstLabel != 0 {
            try MemoryCheck.require(count * MemoryLayout<Int32>.stride, for: labels.name)
        }
        let offset = Int32(published.firstLabel)
        var part = try ArrayDataset(
            ByteTensor(bytes, shape: [count, 28, 28, 1]),
            offset == 0 ? classes : Labels(classes.values.map { $0 - offset })
        )
        part.classNames = published.classNames
        return part
    }

    /// Square images with rows and columns exchanged.
    private static func transposed(_ images: IDXFile, side: Int) throws -> [UInt8] {
        let bytes = images.bytes
        try MemoryCheck.require(bytes.count, for: images.name)
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { result, count in
            bytes.withUnsafeBufferPointer { source in
                for image in stride(from: 0, to: source.count, by: side * side) {
                    for row in 0..<side {
                        for column in 0..<side {
                            result[image + row * side + column] = source[image + column * side + row]
                        }
                    }
                }
            }
            count = bytes.count
        }
    }
}
