import ConvNetImages
import SwiftConvNet
import TestSupport
import Testing

/// `swift test --filter NoImages`: a build without the trait is the usual one.
@Suite("Without the trait Images", .enabled(if: !Picture.readsPNGAndJPEG))
struct NoImagesTests {
    @Test("PNG and JPEG files are errors that name the trait, and how to enable it")
    func codecs() throws {
        let png = try Picture([1], height: 1, width: 1, channels: 1).png()
        for file in [png, [0xFF, 0xD8, 0xFF, 0xE0]] {
            let error = try #require(throws: ConvNetError.self) { try Picture(decoding: file, name: "a") }
            #expect(error.kind == .environment && error.location == "a")
            #expect(error.summary.contains("without its trait Images"))
            #expect(error.remedy?.contains("Enable the trait Images") == true)
        }
    }

    @Test("A folder says so once, and does not call the files broken")
    func folder() throws {
        let folder = try TemporaryFolder()
        _ = try folder.makeFolder("a")
        let picture = try Picture([1], height: 1, width: 1, channels: 1)
        for name in ["a/1.png", "a/2.png"] { try picture.save(to: folder.file(name)) }
        for onBroken in ImageFolder.Options.OnBroken.allCases {
            let error = try #require(throws: ConvNetError.self) {
                try ImageFolder(folder.path, options: .init(onBroken: onBroken))
            }
            #expect(error.kind == .environment && error.remedy?.contains("trait Images") == true)
        }
    }
}
