import ConvNetDatasets
import SwiftConvNet
import TestSupport
import Testing

@Suite("EMNIST and KMNIST")
struct EMNISTTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Four files of a split, whose labels are all classes of it in turn.
    private func write(
        _ split: EMNIST.Split,
        firstLabel: Int,
        classes: Int,
        into path: String,
        packed: Bool = false
    )
        throws
    {
        for (part, count) in [("train", 70), ("test", 10)] {
            let images = SmallDataset.images(count)
            let labels = IDXFile(
                elementType: .uint8,
                shape: [count],
                bytes: (0..<count).map { UInt8(firstLabel + $0 % classes) },
                name: ""
            )
            for (name, file) in [("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels)] {
                let place = "\(path)/emnist-\(split.rawValue)-\(part)-\(name)"
                try AtomicFile.write(
                    packed ? gzip(file.encoded) : file.encoded,
                    to: place + (packed ? ".gz" : "")
                )
            }
        }
    }

    @Test(
        "Every split has its classes, upright images and labels from 0",
        arguments: [
            (EMNIST.Split.balanced, 47, 0), (.byClass, 62, 0), (.byMerge, 47, 0), (.digits, 10, 0),
            (.letters, 26, 1),
            (.mnist, 10, 0),
        ]
    )
    func splits(split: EMNIST.Split, classes: Int, firstLabel: Int) throws {
        try write(
            split,
            firstLabel: firstLabel,
            classes: classes,
            into: folder.path,
            packed: split == .letters
        )
        let emnist = try EMNIST.load(split, from: folder.path)
        #expect(emnist.classNames.count == classes && Set(emnist.classNames).count == classes)
        #expect(emnist.train.labels == Labels((0..<70).map { Int32($0 % classes) }))
        #expect(emnist.name == "EMNIST (\(split.rawValue))" && !emnist.isPublished)
        guard case .bytes(let bytes) = emnist.test.samples else {
            Issue.record("the images are not kept as bytes")
            return
        }
        let file = SmallDataset.images(10).bytes
        for (image, row, column) in [(0, 0, 1), (0, 1, 0), (3, 27, 0), (9, 5, 20), (9, 27, 27)] {
            #expect(bytes.bytes[(image * 28 + row) * 28 + column] == file[(image * 28 + column) * 28 + row])
        }
    }

    @Test("The names are those of the mapping files")
    func names() {
        // emnist-balanced-mapping.txt: 36 97, 38 100, 43 110, 46 116; emnist-byclass-mapping.txt: 10 65, 36 97, 61 122.
        let balanced = EMNIST.classNames(.balanced)
        #expect(balanced[10] == "A" && balanced[35] == "Z" && balanced[36] == "a" && balanced[38] == "d")
        #expect(balanced[43] == "n" && balanced[46] == "t")
        #expect(EMNIST.classNames(.byMerge) == balanced)
        let all = EMNIST.classNames(.byClass)
        #expect(all[0] == "0" && all[10] == "A" && all[36] == "a" && all[61] == "z")
        #expect(EMNIST.classNames(.letters)[25] == "Z")
    }

    @Test("Labels of letters that are 0 or 27, and files of another split, are errors")
    func refused() throws {
        try write(.letters, firstLabel: 0, classes: 26, into: folder.path)
        let zero = #expect(throws: ConvNetError.self) { try EMNIST.load(.letters, from: folder.path) }
        #expect(zero?.kind == .data && zero?.received == "0" && zero?.expected == "a class in 1..<27")
        try write(.letters, firstLabel: 2, classes: 26, into: folder.path)
        #expect(throws: ConvNetError.self) { try EMNIST.load(.letters, from: folder.path) }
        let other = #expect(throws: ConvNetError.self) { try EMNIST.load(.digits, from: folder.path) }
        #expect(other?.expected?.contains("emnist-digits-test-labels-idx1-ubyte") == true)
        #expect(other?.received?.contains("emnist-letters-test-images-idx3-ubyte") == true)
        #expect(other?.remedy == nil)
    }

    @Test("KMNIST is read from MNIST's files in its folder, and MNIST's are not taken for it")
    func kuzushiji() throws {
        try SmallDataset().write(into: folder.makeFolder("kmnist"), gzip: true)
        let kmnist = try KMNIST.load(from: folder.path)
        #expect(kmnist.source == .folder(folder.file("kmnist")) && kmnist.name == "KMNIST")
        #expect(kmnist.classNames == ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"])
        #expect(kmnist.train.classNames == kmnist.classNames)
        #expect(kmnist.train.count == 20 && !kmnist.isPublished)
        let missing = #expect(throws: ConvNetError.self) {
            try DatasetSearch(PublishedDataset.kmnist, folder: nil, allowDownload: true, environment: [:])
                .load()
        }
        #expect(missing?.kind == .file && missing?.remedy?.contains("codh.rois.ac.jp") == true)
    }
}
