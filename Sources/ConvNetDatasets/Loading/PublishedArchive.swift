import SwiftConvNet

/// What is known about a dataset that is published as one archive of binary records: CIFAR-10 and CIFAR-100.
package struct PublishedArchive: Sendable {
    /// What the dataset is called.
    var name: String
    /// What its folders are called.
    var folderName: String
    /// The archive's name.
    var archiveName: String
    /// The folder in the archive.
    var innerFolder: String
    /// The SHA-256 of the archive.
    package var digest: String
    /// The addresses that the archive's name is added to.
    package var mirrors: [String]
    /// The files of the records to train on, in their order, and of those to test with.
    var trainFiles: [String], testFiles: [String]
    /// How many bytes of labels are in front of an image, and which of them counts.
    var labelCount: Int, labelIndex: Int
    /// The names of the classes.
    package var classNames: [String]
}

extension PublishedArchive {
    /// The largest archive that is read, in bytes, packed or not: six times what is published, for one's own.
    private static let limit = 1 << 30
    /// The largest download; the published archives have 170 and 169 MB.
    private static let downloadLimit = 1 << 28

    private static let address = "https://www.cs.toronto.edu/~kriz/"

    package static let cifar10 = PublishedArchive(
        name: "CIFAR-10",
        folderName: "cifar-10",
        archiveName: "cifar-10-binary.tar.gz",
        innerFolder: "cifar-10-batches-bin",
        digest: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        mirrors: [address],
        trainFiles: (1...5).map { "data_batch_\($0).bin" },
        testFiles: ["test_batch.bin"],
        labelCount: 1,
        labelIndex: 0,
        classNames: [
            "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
        ]
    )

    package static func cifar100(_ mode: CIFAR100.LabelMode) -> PublishedArchive {
        PublishedArchive(
            name: "CIFAR-100",
            folderName: "cifar-100",
            archiveName: "cifar-100-binary.tar.gz",
            innerFolder: "cifar-100-binary",
            digest: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            mirrors: [address],
            trainFiles: ["train.bin"],
            testFiles: ["test.bin"],
            labelCount: 2,
            labelIndex: mode == .coarse ? 0 : 1,
            classNames: CIFAR100.classNames(mode)
        )
    }
}

extension PublishedArchive: DatasetForm {
    var systemFolders: [String] { [] }
    var otherSource: String { "Download \(address(mirrors.first ?? "")), and name the folder that it is in" }
    var files: String {
        "\(archiveName), plain or unpacked: "
            + (trainFiles + testFiles).joined(separator: ", ") + ", also in a folder \(innerFolder)"
    }

    private var allFiles: [String] { trainFiles + testFiles }
    private func address(_ mirror: String) -> String { mirror + archiveName }

    /// The archive in a folder, packed or not, if it is there.
    private func archive(in folder: DatasetFolder) -> String? {
        folder.existing(archiveName) ?? folder.existing(String(archiveName.dropLast(3)))
    }

    /// The folder that has the files of the archive: this one, or the one in it.
    private func unpacked(in folder: DatasetFolder) -> DatasetFolder? {
        [folder, folder.folder(innerFolder)].first { place in
            allFiles.contains { place.existing($0) != nil }
        }
    }

    func isThere(in folder: DatasetFolder) -> Bool {
        archive(in: folder) != nil || unpacked(in: folder) != nil
    }

    func remedy(in folder: DatasetFolder) -> String? {
        let names = folder.names
        return names.contains { $0.contains("-python") || $0.hasPrefix("cifar-") && $0.hasSuffix("-py") }
            ? "The version for Python is a pickle, which is a program and never read; get the binary version, \(archiveName)"
            : nil
    }

    func load(from folder: DatasetFolder, source: DatasetSource, passedOver: [String]) throws -> LoadedDataset
    {
        if let path = archive(in: folder) {
            let content = try FileContents.read(path, limit: Self.limit)
            return try dataset(
                records(inArchive: content, name: path),
                isPublished: SHA256.hash(content).description == digest,
                source,
                passedOver
            )
        }
        let place = unpacked(in: folder) ?? folder
        let missing = allFiles.filter { place.existing($0) == nil }
        guard missing.isEmpty else {
            throw ConvNetError(
                .file,
                "Files of the dataset are missing",
                at: place.path,
                expected: allFiles.joined(separator: ", "),
                received: "no \(missing.joined(separator: ", ")); in the folder: \(place.contents)",
                remedy: "Put all files into the folder, or the archive \(archiveName)"
            )
        }
        var records: [String: CIFARRecords] = [:]
        for file in allFiles {
            let path = place.file(file)
            records[file] = try self.records(FileContents.read(path, limit: Self.limit), name: path)
        }
        return try dataset(records, isPublished: false, source, passedOver)
    }

    func loadPublished(from folder: DatasetFolder, source: DatasetSource, passedOver: [String]) throws
        -> LoadedDataset
    {
        guard let path = folder.existing(archiveName) else {
            throw ConvNetError(.file, "\(archiveName) is not there", at: folder.path)
        }
        let content = try FileContents.read(path, limit: Self.downloadLimit)
        try checkDigest(content, at: path)
        return try dataset(records(inArchive: content, name: path), isPublished: true, source, passedOver)
    }

    func download(
        into folder: DatasetFolder,
        from mirror: String,
        _ downloader: Downloader,
        _ progress: DownloadProgress.Handler?
    ) throws {
        try Folders.make(folder.path, as: "the cache folder")
        let content = try downloader.download(address(mirror), limit: Self.downloadLimit, progress: progress)
        try checkDigest(content, at: address(mirror))
        try AtomicFile.write(content, to: folder.file(archiveName))
    }

    private func checkDigest(_ content: [UInt8], at place: String) throws {
        let received = SHA256.hash(content).description
        guard received == digest else {
            throw ConvNetError(
                .data,
                "\(archiveName) is not that of \(name)",
                at: place,
                expected: "the SHA-256 \(digest)",
                received: received
            )
        }
    }

    /// The records of an archive, by the names of their files.
    private func records(inArchive content: [UInt8], name: String) throws -> [String: CIFARRecords] {
        var archive = try TarReader(content, name: name, limit: Self.limit)
        var records: [String: CIFARRecords] = [:]
        while let entry = try archive.next() {
            let file = String(entry.name.split(separator: "/").last ?? "")
            guard allFiles.contains(file) else { continue }
            guard records[file] == nil else {
                throw ConvNetError(
                    .format,
                    "The archive has a file in two folders",
                    at: name,
                    received: "\"\(file)\""
                )
            }
            records[file] = try self.records(archive.content(), name: "\(name), \(file)")
        }
        let missing = allFiles.filter { records[$0] == nil }
        guard missing.isEmpty else {
            throw ConvNetError(
                .format,
                "The archive lacks files of the dataset",
                at: name,
                expected: allFiles.joined(separator: ", "),
                received: "no \(missing.joined(separator: ", "))"
            )
        }
        return records
    }

    private func records(_ bytes: [UInt8], name: String) throws -> CIFARRecords {
        try CIFARRecords(
            bytes,
            labelCount: labelCount,
            labelIndex: labelIndex,
            classCount: classNames.count,
            name: name
        )
    }

    private func dataset(
        _ records: [String: CIFARRecords],
        isPublished: Bool,
        _ source: DatasetSource,
        _ passedOver: [String]
    ) throws -> LoadedDataset {
        var combined = SHA256()
        for file in allFiles { if let digest = records[file]?.digest { combined.update(digest.bytes) } }
        return try LoadedDataset(
            name: isPublished ? name : "unknown images in \(name)'s form",
            isPublished: isPublished,
            train: CIFARRecords.joined(trainFiles.compactMap { records[$0] }, classNames: classNames),
            test: CIFARRecords.joined(testFiles.compactMap { records[$0] }, classNames: classNames),
            classNames: classNames,
            source: source,
            passedOver: passedOver,
            digest: combined.digest.description
        )
    }
}
