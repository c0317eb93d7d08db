import BenchmarkCore
import ConvNetImages
import SwiftConvNet

/// The speed of decoding pictures, beside the same libraries called from C.
struct DecodingBenchmark {
    let effort: Effort
    let folders: [String]

    func section() throws -> ReportSection {
        ReportSection(
            name: "decoding",
            title: "Decoding pictures, of one thread",
            rowTitle: "files",
            charted: .imagesPerSecond,
            notes: [
                "median of \(effort.repeats) rounds in turn; pictures per second of the thread's processor time",
                "from a file's bytes in memory to 8 bits of red, green and blue; up to \(PictureFiles.limit) files, one after the other",
                "ours: Picture(decoding:), which ImageFolder decodes by",
                "C: TurboJPEG (tjDecompressHeader3, tjDecompress2) with one handle, and libpng row by row, both into the same "
                    + "memory for all files, without limits; the pixels are the same as ours",
            ],
            figures: try folders.flatMap(PictureFiles.inFolder).flatMap(figures)
        )
    }

    private func figures(_ files: PictureFiles) throws -> [Figure] {
        let decoder = try CDecoder()
        for bytes in files.contents {
            let ours = try Picture(decoding: bytes).pixels
            guard try ours.elementsEqual(decoder.decode(bytes, as: files.kind)) else {
                throw ConvNetError(
                    .data,
                    "A \(files.kind.rawValue) file has other pixels here than in C",
                    expected: "pictures without an orientation",
                    received: "one of \(bytes.count) bytes",
                    remedy: "Let Benchmarks/Pictures/make_pictures.py make the folder"
                )
            }
        }
        let contest = Contest(rounds: effort.repeats, seconds: effort.isQuick ? 0.05 : 1)
        let rates = try contest.rates([
            side("ours", files) { _ = try Picture(decoding: $0) },
            side("C", files) { _ = try decoder.decode($0, as: files.kind) },
        ])
        .map { try $0.get() }
        let first = try Picture(decoding: files.contents[0])
        let row = "\(first.width)×\(first.height) \(files.kind.rawValue)"
        return [
            Figure(row, "ours", .imagesPerSecond, rates[0]), Figure(row, "C", .imagesPerSecond, rates[1]),
            Figure(
                row,
                "ours / C",
                .ratio,
                derived: Statistics(rates[0]).median / Statistics(rates[1]).median
            ),
        ]
    }

    /// A side that decodes all files in each step.
    private func side(
        _ name: String,
        _ files: PictureFiles,
        _ decode: @escaping ([UInt8]) throws -> Void
    ) -> Contest.Side {
        Contest.Side(name: name) { steps in
            let seconds = try ProcessorTime.ofThread {
                for _ in 0..<steps { for bytes in files.contents { try decode(bytes) } }
            }
            return (seconds, steps * files.contents.count)
        }
    }
}
