import BenchmarkCore
import ConvNetImages
import Foundation
import SwiftConvNet
import Testing

@testable import convnet_bench

/// The tables of `convnet-bench data`.
@Suite struct DataTests {
    /// A JPEG file of 32×32, by Pillow.
    private static let jpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5mo"
        + "q6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAgACADASIAAhEB"
        + "AxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAwQF/8QAFhAAAwAAAAAAAAAAAAAAAAAAAAID/8QAGAEAAwEBAAAAAAAAAAAAAAAAAAIFAwb/xAAWEQADAAAA"
        + "AAAAAAAAAAAAAAAAAQP/2gAMAwEAAhEDEQA/AMFJDpIZJDJIEwnQJJDpIVJDpIdMozoTpIdJCpIdJGKZzs6ApIdJDJIZJDplGdD/2Q=="

    private let quick = Effort(threads: 2, repeats: 1, isQuick: true, isFull: false)

    /// A folder of pictures of 32×32 in two classes, every fourth one a JPEG file.
    private func withFolder(of count: Int, _ body: (_ folder: String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "convnet-bench-tests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["dark", "light"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)",
                withIntermediateDirectories: true
            )
        }
        let jpeg = try #require(Data(base64Encoded: Self.jpeg))
        for number in 0..<count {
            let name = "\(folder)/\(number % 2 == 0 ? "dark" : "light")/\(number)"
            if number % 4 == 0 {
                try jpeg.write(to: URL(fileURLWithPath: name + ".jpg"))
            } else {
                let pixels = (0..<(32 * 32 * 3)).map {
                    UInt8(truncatingIfNeeded: $0 % 64 + number % 2 * 128)
                }
                try Picture(pixels, height: 32, width: 32, channels: 3).save(to: name + ".png")
            }
        }
        try body(folder)
    }

    @Test func decoding() throws {
        try withFolder(of: 8) { folder in
            let section = try DecodingBenchmark(effort: quick, folders: [folder]).section()
            #expect(section.rows == ["32×32 JPEG", "32×32 PNG"])
            #expect(section.columns.map(\.title) == ["ours", "C", "ours / C"])
            for row in section.rows {
                let ours = try #require(section.figure(row, "ours")?.median)
                let other = try #require(section.figure(row, "C")?.median)
                #expect(ours > 0 && section.figure(row, "ours / C")?.median == ours / other)
            }
        }
    }

    @Test func bothDecodersGiveTheSame() throws {
        try withFolder(of: 8) { folder in
            let decoder = try CDecoder()
            let files = try PictureFiles.inFolder(folder)
            #expect(files.map(\.kind) == [.jpeg, .png] && files.map(\.contents.count) == [2, 6])
            for files in files {
                for bytes in files.contents {
                    let pixels = try Array(decoder.decode(bytes, as: files.kind))
                    #expect(try Picture(decoding: bytes).pixels == pixels)
                }
                let half = Array(files.contents[0].prefix(100))
                #expect(throws: ConvNetError.self) { try decoder.decode(half, as: files.kind) }
            }
        }
    }

    @Test func anEpochFromAFolder() throws {
        try withFolder(of: 80) { folder in
            let options = try PictureOptions.parse(["--pictures", folder, "--picture-count", "70"])
            let section = try EpochBenchmark(effort: quick, pictures: options).section()
            let row = "vgg, batch 64, 70 pictures of 80"
            #expect(section.rows == [row])
            func figure(_ column: String) throws -> Double {
                try #require(section.figure(row, column)?.median)
            }
            let ideal = try (figure("decoding") + figure("training")) / 2
            #expect(try ideal > 0 && figure("epoch / ideal") == figure("epoch") / ideal)
            #expect(try figure("its processor time") > 0 && figure("epoch from memory") > 0)
            let note = try #require(section.notes.last)
            #expect(note.hasPrefix("mobilenetv2 was not measured: --large-pictures"))
            #expect(note.contains("make_pictures.py drawn"))
        }
    }

    @Test func aBatchAloneIsRefused() throws {
        try withFolder(of: 8) { folder in
            let options = try PictureOptions.parse(["--pictures", folder])
            #expect(throws: ConvNetError.self) {
                try EpochBenchmark(effort: quick, pictures: options).section()
            }
        }
    }

    @Test func foldersAreNeeded() throws {
        let error = #expect(throws: (any Error).self) { try ConvnetBench.parseAsRoot(["data"]) }
        let message = try ConvnetBench.message(for: #require(error))
        #expect(message.contains("--pictures FOLDER (python3 Benchmarks/Pictures/make_pictures.py fashion"))
        #expect(message.contains("--large-pictures FOLDER"))
        #expect(throws: (any Error).self) { try PictureOptions.parse(["--picture-count", "0"]) }
        let command = try ConvnetBench.parseAsRoot(["data", "--large-pictures", "photos"])
        #expect((command as? DataCommand)?.pictures.folders == ["photos"])
    }

    @Test func processorTimeIsThatOfWork() {
        // Loops until its own clock says so; a thread that waits adds nothing.
        let spun = ProcessorTime.ofThread {
            let end = ContinuousClock().now + .milliseconds(1)
            while ContinuousClock().now < end {}
        }
        let waited = ProcessorTime.ofThread { Pause.wait(seconds: 0.05) }
        #expect(spun > 0 && waited < 0.05)
    }
}
