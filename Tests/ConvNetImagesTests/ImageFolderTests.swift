import ConvNetImages
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Folders of pictures")
struct ImageFolderTests {
    @Test("Targets are classes, one-hot, 0 or 1, or none")
    func labelModes() throws {
        let folder = try PictureFolder.twoClasses(3)
        let int = try ImageFolder(folder.path, imageSize: [2, 3], shuffle: false)
        #expect(int.count == 6 && int.classNames == ["blue", "red"] && int.hasTargetsInMemory)
        #expect(int.fields == [Field("input", .input, shape: [2, 3, 3]), .label("target")])
        #expect(try (0..<6).map { try int.label(1, of: $0) } == [0, 0, 0, 1, 1, 1])
        #expect(try int.values(0, of: 4) == (0..<6).flatMap { _ in [201, 1, 0] as [Float] })
        let oneHot = try ImageFolder(folder.path, labelMode: .categorical, imageSize: 2, shuffle: false)
        #expect(try oneHot.values(1, of: 0) == [1, 0] && oneHot.values(1, of: 5) == [0, 1])
        let binary = try ImageFolder(folder.path, labelMode: .binary, imageSize: 2, shuffle: false)
        #expect(try binary.values(1, of: 0) == [0] && binary.values(1, of: 5) == [1])
        let none = try ImageFolder(folder.path, labelMode: nil, imageSize: 2)
        #expect(none.fields.count == 1 && none.classNames == nil && none.count == 6 && none.labels == nil)
        let gray = try ImageFolder(folder.path, colorMode: .grayscale, imageSize: 1, shuffle: false)
        #expect(try gray.values(0, of: 3) == [59])  // 200 * 0.299
        let given = try ImageFolder(
            folder.path,
            labels: .list([5, 5, 7, 5, 7, 7]),
            imageSize: 2,
            shuffle: false
        )
        #expect(given.classNames == (0...7).map(String.init) && given.labels == [5, 5, 7, 5, 7, 7])
    }

    @Test("Parts do not overlap, hold all, and stay the same for a seed")
    func parts() throws {
        let folder = try PictureFolder.twoClasses(10)
        func part(_ part: ImageFolder.Part, seed: UInt32 = 4) throws -> ImageFolder {
            try ImageFolder(folder.path, imageSize: 2, seed: seed, validationSplit: 0.3, subset: part)
        }
        let (training, validation) = (try part(.training), try part(.validation))
        #expect(training.count == 14 && validation.count == 6)
        #expect(Set(training.paths + validation.paths).count == 20)
        #expect(try part(.training).paths == training.paths)
        #expect(try part(.training, seed: 5).paths != training.paths)
        for data in [training, validation] {
            for (path, label) in zip(data.paths, data.labels?.values ?? []) {
                #expect(path.contains(label == 0 ? "/blue/" : "/red/"))
            }
        }
        #expect(training.identity != validation.identity)
        #expect(try part(.training).identity == training.identity)
        // A copy of the folder holds the same dataset.
        let copy = try PictureFolder.twoClasses(10)
        let moved = try ImageFolder(copy.path, imageSize: 2, seed: 4, validationSplit: 0.3, subset: .training)
        #expect(moved.identity == training.identity)
    }

    @Test("Both parts of one folder are those of two")
    func bothParts() throws {
        let folder = try PictureFolder.twoClasses(10)
        let whole = try ImageFolder(folder.path, labelMode: .categorical, imageSize: 2, seed: 4)
        let parts = try whole.parts(validationSplit: 0.33)
        #expect(parts.training.count == 14 && parts.validation.count == 6)
        for (data, part) in [(parts.training, .training), (parts.validation, .validation)]
            as [(ImageFolder, ImageFolder.Part)]
        {
            let other = try ImageFolder(
                folder.path,
                labelMode: .categorical,
                imageSize: 2,
                seed: 4,
                validationSplit: 0.33,
                subset: part
            )
            #expect(data.paths == other.paths && data.labels == other.labels)
            #expect(data.fields == other.fields && data.classNames == other.classNames)
            #expect(data.identity == other.identity)
            #expect(try data.values(0, of: 5) == other.values(0, of: 5))
            #expect(try data.values(1, of: 5) == other.values(1, of: 5))
        }
        for split in [0, 1, -0.5, Double.nan] {
            let error = #expect(throws: ConvNetError.self) { try whole.parts(validationSplit: split) }
            #expect(error?.kind == .argument)
        }
        let error = #expect(throws: ConvNetError.self) { try whole.parts(validationSplit: 0.01) }
        #expect(error?.kind == .data)
        // Masks stay beside their pictures.
        for name in ["a", "b", "c"] {
            try folder.addGray("images/\(name).pgm", [[1, 2]])
            try folder.addGray("masks/\(name).pgm", [[0, 1]])
        }
        let masks = try ImageFolder(
            images: folder.folder.file("images"),
            masks: folder.folder.file("masks"),
            imageSize: [1, 2],
            seed: 1
        )
        let (training, validation) = try masks.parts(validationSplit: 0.4)
        #expect((training.maskPaths ?? []) + (validation.maskPaths ?? []) == masks.maskPaths)
        #expect(training.count == 2 && validation.count == 1)
        #expect(try validation.values(1, of: 0) == [0, 1])
    }

    @Test("Arguments that do not go together are errors")
    func arguments() throws {
        let folder = try PictureFolder.twoClasses(2)
        let path = folder.path
        func kind(_ make: () throws -> ImageFolder) -> ConvNetError.Kind? {
            #expect(throws: ConvNetError.self) { try make() }?.kind
        }
        #expect(kind { try ImageFolder(path, validationSplit: 0.5) } == .argument)
        #expect(kind { try ImageFolder(path, subset: .training) } == .argument)
        #expect(kind { try ImageFolder(path, validationSplit: 1.5, subset: .training) } == .argument)
        #expect(kind { try ImageFolder(path, validationSplit: 0.1, subset: .validation) } == .data)
        #expect(kind { try ImageFolder(path, imageSize: [0, 5]) } == .argument)
        #expect(kind { try ImageFolder(path, imageSize: [1, 2, 3]) } == .argument)
        #expect(kind { try ImageFolder(path, cropToAspectRatio: true, padToAspectRatio: true) } == .argument)
        #expect(kind { try ImageFolder(path, classNames: ["green"]) } == .argument)
        #expect(kind { try ImageFolder(path, labelMode: .binary, classNames: ["red"]) } == .argument)
        #expect(kind { try ImageFolder(path, labels: .list([1])) } == .argument)
        #expect(
            kind { try ImageFolder(path, labels: .list([1, 2, 3, 9]), labelMode: .categorical) } == .data
        )
        #expect(kind { try ImageFolder(path, labels: .list([0, 0, 0, 0]), classNames: ["a"]) } == .argument)
        #expect(kind { try ImageFolder(path + "/none") } == .file)
        #expect(kind { try ImageFolder(path + "/red") } == .data)
    }

    @Test("Broken files are named together, or left out and counted")
    func broken() throws {
        let folder = try PictureFolder.twoClasses(3)
        try folder.add("red/broken.ppm", Array("P6 4 x 255\n".utf8))
        try folder.add("red/empty.bmp", [])
        try folder.add("blue/text.jpg", Array("not a picture".utf8))
        try folder.add("blue/moving.gif", Array("GIF89a......".utf8))
        // Whole by its header, too short by its pixels.
        try folder.add("blue/short.ppm", Array("P6 4 4 255\nabc".utf8))
        let error = try #require(throws: ConvNetError.self) { try ImageFolder(folder.path, imageSize: 2) }
        #expect(error.kind == .data && error.summary.hasPrefix("4 of 11 files"))
        for name in ["broken.ppm", "empty.bmp", "text.jpg", "moving.gif", "GIF"] {
            #expect(error.received?.contains(name) == true)
        }
        let data = try ImageFolder(folder.path, imageSize: 2, options: .init(onBroken: .skip))
        #expect(data.count == 7 && data.skipped.count == 4 && data.labels?.count == 7)
        #expect(throws: ConvNetError.self) { try data.check() }
        try data.check(decoding: false)
        #expect(data.brokenFiles().map { ($0.path as NSString).lastPathComponent } == ["short.ppm"])
        let sound = try ImageFolder(
            folder.path,
            imageSize: 2,
            options: .init(check: .pixels, onBroken: .skip)
        )
        #expect(sound.count == 6 && sound.skipped.count == 5)
        for (path, label) in zip(sound.paths, sound.labels?.values ?? []) {
            #expect(path.contains(label == 0 ? "/blue/" : "/red/"))
        }
        let all = try ImageFolder(folder.path, imageSize: 2, shuffle: false, options: .init(check: .none))
        let place = try #require(all.paths.firstIndex { $0.hasSuffix("short.ppm") })
        let later = try #require(throws: ConvNetError.self) { try all.values(0, of: place) }
        #expect(later.location?.contains("short.ppm") == true)
        let none = try PictureFolder()
        try none.add("a/x.png", [1])
        #expect(throws: ConvNetError.self) {
            try ImageFolder(none.path, options: .init(onBroken: .skip))
        }
    }

    @Test("Links to folders are followed if they are to be, and not round and round")
    func links() throws {
        let folder = try PictureFolder.twoClasses(1)
        let other = try PictureFolder()
        try other.add("x/1.ppm", (1, 2, 3))
        try FileManager.default.createSymbolicLink(
            atPath: folder.folder.file("red/more"),
            withDestinationPath: other.path
        )
        try FileManager.default.createSymbolicLink(
            atPath: folder.folder.file("red/round"),
            withDestinationPath: folder.folder.file("red")
        )
        #expect(try ImageFolder(folder.path, imageSize: 2).count == 2)
        let followed = try ImageFolder(folder.path, imageSize: 2, followLinks: true)
        #expect(followed.count == 3 && followed.paths.contains { $0.hasSuffix("red/more/x/1.ppm") })
    }

    @Test("A list names pictures and classes")
    func lists() throws {
        let folder = try PictureFolder.twoClasses(2)
        func data(
            _ text: String,
            header: Bool = false,
            names: [String]? = nil,
            mode: ImageFolder.LabelMode? = .int
        )
            throws -> ImageFolder
        {
            try folder.add("list.csv", Array(text.utf8))
            return try ImageFolder(
                list: folder.folder.file("list.csv"),
                hasHeader: header,
                labelMode: mode,
                classNames: names,
                imageSize: 2,
                shuffle: false
            )
        }
        let text = "red/0.ppm,warm\r\n\"blue/0.ppm\",cold\n\n\(folder.path)/red/1.ppm , warm\n"
        let named = try data(text)
        #expect(named.labels == [1, 0, 1] && named.classNames == ["cold", "warm"])
        #expect(try named.values(0, of: 2).prefix(3) == [201, 1, 0])
        #expect(try data("file,class\n" + text, header: true).labels == [1, 0, 1])
        #expect(try data(text, names: ["warm", "cold"]).labels == [0, 1, 0])
        let numbered = try data("red/0.ppm,2\nblue/0.ppm,0\n", mode: .categorical)
        #expect(try numbered.classNames == ["0", "1", "2"] && numbered.values(1, of: 0) == [0, 0, 1])
        // Numbers with names are numbers; names that are numbers are names.
        let both = try data("red/0.ppm,2\nblue/0.ppm,0\n", names: ["a", "b", "c"])
        #expect(both.labels == [2, 0] && both.classNames == ["a", "b", "c"])
        #expect(try data("red/0.ppm,7\nblue/0.ppm,5\n", names: ["5", "7"]).labels == [1, 0])
        #expect(throws: ConvNetError.self) { try data("red/0.ppm,2\nblue/0.ppm,0\n", names: ["a", "b"]) }
        let plain = try data("\u{FEFF}red/0.ppm\nblue/0.ppm")
        #expect(plain.count == 2 && plain.labels == nil && plain.fields.count == 1)
        try folder.add("red/a \"b\", c.ppm", Array("P2 1 1 255 7".utf8))
        #expect(try data("\"red/a \"\"b\"\", c.ppm\",x").values(0, of: 0).first == 7)
        for (text, line) in [
            ("red/0.ppm,a\nblue/0.ppm", 2), ("a,b,c", 1), ("\"red/0.ppm", 1), ("\"", 1), ("\"a\"\"", 1),
            ("\"a\"b", 1),
            (",x", 1), ("red/0.ppm,3000000\nblue/0.ppm,1", 1),
        ] {
            let error = try #require(throws: ConvNetError.self, "\(text)") { try data(text) }
            #expect(
                error.kind == .format && error.location?.hasSuffix("list.csv, line \(line)") == true,
                "\(error)"
            )
        }
        #expect(throws: ConvNetError.self) { try data("red/0.ppm,a", names: ["b"]) }
        #expect(throws: ConvNetError.self) { try data("red/none.ppm,a") }
        #expect(throws: ConvNetError.self) { try data("") }
    }

    @Test("Augmented moves masks along with their pictures")
    func augmentedMasks() throws {
        let folder = try TemporaryFolder()
        for name in ["images", "masks"] {
            let path = folder.file(name)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            // Each pixel of the picture has the level of its class.
            try Data("P2 3 2 255 0 1 2 3 4 5".utf8).write(to: URL(fileURLWithPath: path + "/a.pgm"))
        }
        let pairs = try ImageFolder(
            images: folder.file("images"),
            masks: folder.file("masks"),
            colorMode: .grayscale,
            imageSize: [2, 3]
        )
        let data = try Augmented(pairs) {
            RandomFlip()
            RandomCrop(height: 2, width: 2)
        }
        #expect(data.fields.map(\.shape) == [[2, 2, 1], [2, 2]])
        var seen: Set<[Float]> = []
        for epoch in 1...20 {
            let reading = Reading(seed: 3, epoch: epoch, isTraining: true)
            let values = try (0...1).map { field in
                try Tensor(shape: [4]) { try data.readValues(field, of: 0, in: reading, into: $0) }.elements
            }
            #expect(values[0] == values[1])
            seen.insert(values[0])
        }
        #expect(seen.count > 3)
    }

    @Test("Pictures and their masks go through the same steps")
    func masks() throws {
        let folder = try PictureFolder()
        let levels: [[UInt8]] = [[0, 0, 1, 1], [0, 2, 2, 1]]
        try folder.addGray("images/a.pgm", levels.map { $0.map { $0 * 100 } })
        try folder.addGray("masks/a.pgm", levels)
        try folder.add("images/in/b.pbm", Array("P1 4 2 1111 0000".utf8))
        try folder.add("masks/in/b.pgm", Array("P2 4 2 255 1 1 1 1 0 0 0 0".utf8))
        let (images, masks) = (folder.folder.file("images"), folder.folder.file("masks"))
        func data(_ size: Size2D, values: [Int]? = nil, crop: Bool = false, pad: Bool = false) throws
            -> ImageFolder
        {
            try ImageFolder(
                images: images,
                masks: masks,
                maskValues: values,
                colorMode: .grayscale,
                imageSize: size,
                shuffle: false,
                cropToAspectRatio: crop,
                padToAspectRatio: pad
            )
        }
        let same = try data([2, 4])
        #expect(same.count == 2 && !same.hasTargetsInMemory)
        #expect(same.fields[1] == Field("target", .target, shape: [2, 4]))
        #expect(try same.values(1, of: 0) == [0, 0, 1, 1, 0, 2, 2, 1])
        #expect(try same.values(0, of: 0) == [0, 0, 100, 100, 0, 200, 200, 100])
        #expect(try same.values(1, of: 1) == [1, 1, 1, 1, 0, 0, 0, 0])
        #expect(try data([1, 2]).values(1, of: 0) == [2, 1])
        #expect(try data([2, 2], crop: true).values(1, of: 0) == [0, 1, 2, 2])
        #expect(
            try data([4, 4], pad: true).values(1, of: 0) == [0, 0, 0, 0, 0, 0, 1, 1, 0, 2, 2, 1, 0, 0, 0, 0]
        )
        #expect(try data([2, 4], values: [2, 1, 0]).values(1, of: 0) == [2, 2, 1, 1, 2, 0, 0, 1])
        let error = try #require(throws: ConvNetError.self) {
            try data([2, 4], values: [0, 1]).values(1, of: 0)
        }
        #expect(error.kind == .data && error.location?.hasSuffix("a.pgm, row 1, column 1") == true)
        for values in [[0, 0], [256], []] {
            #expect(throws: ConvNetError.self) { try data([2, 4], values: values) }
        }
    }

    @Test("Masks that do not fit their pictures are errors")
    func brokenMasks() throws {
        let folder = try PictureFolder()
        try folder.addGray("images/a.pgm", [[1, 2]])
        try folder.addGray("masks/a.pgm", [[1], [2]])
        func data() throws -> ImageFolder {
            try ImageFolder(
                images: folder.folder.file("images"),
                masks: folder.folder.file("masks"),
                imageSize: 2
            )
        }
        let size = try #require(throws: ConvNetError.self) { try data().values(1, of: 0) }
        #expect(size.kind == .data && size.received == "2 rows, 1 columns")
        try folder.add("masks/a.pgm", (1, 2, 3), height: 1, width: 2)
        // Their headers say it.
        let colors = try #require(throws: ConvNetError.self) { try data() }
        #expect(colors.summary == "The picture cannot be a mask")
        try folder.addGray("images/b.pgm", [[1, 2]])
        let alone = try #require(throws: ConvNetError.self) { try data() }
        #expect(alone.summary == "A picture has no mask" && alone.received?.hasSuffix("images/b.pgm") == true)
        try folder.addGray("masks/b.pgm", [[1, 2]])
        try folder.addGray("masks/c.pgm", [[1, 2]])
        #expect(throws: ConvNetError.self) { try data() }
        try folder.addGray("images/c.pgm", [[1, 2]])
        try folder.add("images/c.pbm", Array("P1 1 1 0".utf8))
        let twice = try #require(throws: ConvNetError.self) { try data() }
        #expect(twice.summary.hasPrefix("Two files"))
    }

    @Test(
        "Masks whose headers say that they have no classes are named together, or left out with their pictures"
    )
    func masksWithoutClasses() throws {
        let folder = try PictureFolder()
        for name in ["a", "b", "c", "d", "e"] {
            try folder.addGray("images/\(name).pgm", [[1, 2]])
            try folder.addGray("masks/\(name).pgm", [[0, 1]])
        }
        try FileManager.default.removeItem(atPath: folder.folder.file("masks/b.pgm"))
        try folder.add("masks/b.ppm", (1, 2, 3), height: 1, width: 2)
        try folder.add("masks/c.pgm", Array("P5 2 1 65535\nabcd".utf8))
        try FileManager.default.removeItem(atPath: folder.folder.file("masks/d.pgm"))
        // 2 by 1 pixels of 24 bits.
        let bitmap: [UInt8] =
            Array("BM".utf8) + [62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]
            + [1, 0, 24, 0] + [UInt8](repeating: 0, count: 32)
        try folder.add("masks/d.bmp", bitmap)
        try folder.add("images/a.pgm", [1])
        func data(_ options: ImageFolder.Options) throws -> ImageFolder {
            try ImageFolder(
                images: folder.folder.file("images"),
                masks: folder.folder.file("masks"),
                imageSize: [1, 2],
                options: options
            )
        }
        let error = try #require(throws: ConvNetError.self) { try data(.init()) }
        #expect(error.summary.hasPrefix("4 of 10 files"), "\(error)")
        for name in [
            "images/a.pgm", "masks/b.ppm", "masks/c.pgm", "masks/d.bmp", "levels up to 65535", "colours",
        ] {
            #expect(error.received?.contains(name) == true, "\(error)")
        }
        let kept = try data(.init(onBroken: .skip))
        #expect(kept.skipped.count == 4 && kept.paths.map { $0.hasSuffix("e.pgm") } == [true])
        let unchecked = try data(.init(check: .none))
        #expect(unchecked.count == 5 && unchecked.brokenFiles(decoding: false).count == 4)
    }

    @Test("What a file decodes to is asked for first, and the error names the file")
    func memory() async {
        await #expect(processExitsWith: .success) {
            func file(_ header: String, _ count: Int) -> [UInt8] {
                Array(header.utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: count)
            }
            let files: [(String, [UInt8])] = [
                ("bits.pbm", file("P4 16384 4096\n", 8 << 20)),
                ("plain.pbm", file("P1 24000 1000\n", 24_000_000)),
                ("levels.pgm", file("P5 10000 1000 255\n", 10_000_000)),
                ("plain.pgm", file("P2 10000 1000 255\n", 20_000_000)),
            ]
            MemoryLimit.leave(mebibytes: 44)
            for (name, bytes) in files {
                #expect(MemoryLimit.shortage { _ = try Picture(decoding: bytes, name: name) } == name)
            }
        }
    }

    @Test("A classifier learns from a folder, and keeps the names of its classes")
    func training() throws {
        let folder = try PictureFolder.twoClasses(12)
        let data = try ImageFolder(folder.path, imageSize: 4, seed: 2)
        let model = try Sequential(inputShape: [4, 4, 3], seed: 1) {
            Rescaling(1 / 255)
            GlobalAveragePooling2D()
            Dense(units: 2, activation: .softmax)
        }
        try model.compile(
            optimizer: .adam(learningRate: 0.1),
            loss: .sparseCategoricalCrossentropy(),
            metrics: [.accuracy]
        )
        try model.fit(data, batchSize: 8, epochs: 10, verbose: .silent)
        #expect(try model.evaluate(data, verbose: .silent)["accuracy"] == 1)
        #expect(model.classNames == ["blue", "red"])
    }

    @Test("A palette in a PNG file is a mask", .enabled(if: Picture.readsPNGAndJPEG))
    func paletteMasks() throws {
        let goldens = try ImageGoldens.all.get().decoded
        let folder = try PictureFolder()
        for (name, isMask) in [
            ("PNG, type 3, 2 bits", true), ("PNG, type 0, 4 bits, interlaced", true),
            ("PNG, type 0, 16 bits", false),
            ("PNG, type 2, 8 bits", false), ("PNG, type 4, 8 bits", false), ("JPEG, grey", false),
        ] {
            let golden = try #require(goldens.first { $0.name == name })
            try folder.add("images/a.png", Array(golden.file))
            try folder.add("masks/a.png", Array(golden.file))
            let pixels = try #require(golden.pixels["1"])
            func data(_ check: ImageFolder.Options.Check) throws -> ImageFolder {
                try ImageFolder(
                    images: folder.folder.file("images"),
                    masks: folder.folder.file("masks"),
                    imageSize: Size2D(pixels.shape[0], pixels.shape[1]),
                    options: .init(check: check)
                )
            }
            guard isMask else {
                // As the header says, and as the pixels do.
                #expect(throws: ConvNetError.self, "\(name)") { try data(.headers) }
                #expect(throws: ConvNetError.self, "\(name)") { try data(.none).values(1, of: 0) }
                continue
            }
            let data = try data(.headers)
            let classes = try data.values(1, of: 0)
            if name.contains("type 0") {
                #expect(classes == pixels.values.map { $0 / 17 })
            } else {
                // Each class has one colour.
                #expect(classes.allSatisfy { (0...3).contains($0) } && Set(classes).count > 1)
                let pairs = Set(zip(classes, pixels.values).map { [$0, $1] })
                #expect(pairs.count == Set(classes).count)
            }
        }
    }
}
