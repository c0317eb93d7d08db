import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Text for terminals that show ASCII alone")
struct TerminalTextTests {
    private func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 128 } }

    @Test(
        "The locale decides, by the first variable that is set",
        arguments: [
            ([:], .unicode), (["LANG": "en_US.UTF-8"], .unicode), (["LANG": "C.utf8"], .unicode),
            (["LANG": "C"], .ascii), (["LC_ALL": "POSIX"], .ascii), (["LANG": "de_DE.ISO-8859-1"], .ascii),
            (["LANG": "de_DE@euro"], .ascii), (["LC_ALL": "C", "LANG": "en_US.UTF-8"], .ascii),
            (["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], .unicode), (["LC_CTYPE": "C"], .ascii),
        ] as [([String: String], TerminalCharacters)]
    )
    func locale(variables: [String: String], expected: TerminalCharacters) {
        #expect(TerminalCharacters { variables[$0] } == expected)
    }

    @Test("A summary has the same columns in ASCII")
    func summary() throws {
        let model = try Sequential(inputShape: [28, 28, 32], options: ComputeOptions(threads: 2)) {
            Conv2D(filters: 64, kernelSize: 3)
            Conv2D(filters: 64, kernelSize: 1)
            Flatten()
            Dense(units: 2)
        }
        let unicode = try model.summary(batchSize: 64, characters: .unicode)
        let ascii = try model.summary(batchSize: 64, characters: .ascii)
        #expect(unicode.contains("×") && unicode.contains("━"))
        #expect(isASCII(ascii))
        #expect(ascii.split(separator: "\n").map(\.count) == unicode.split(separator: "\n").map(\.count))
        #expect(ascii.contains("| conv2d (Conv2D)"))
        #expect(ascii.contains("+=====") && ascii.contains("+-----"))
        #expect(ascii.contains("F(4x4)") || ascii.contains("1x1"))
    }

    @Test("Profile and replay")
    func tables() throws {
        let model = try SmallNetwork.trained()
        let profile = try model.profile(batchSize: 4, repeats: 1)
        #expect(isASCII(profile.text(characters: .ascii)))
        #expect(!isASCII(profile.text(characters: .unicode)))
        let data = try ArrayDataset(SmallNetwork.images(2), SmallNetwork.labels(2))
        let replay = try NonFiniteCase(
            model,
            [0, 1],
            of: data,
            weights: SampleWeights(),
            epoch: 1,
            batch: 1
        ).replay()
        #expect(isASCII(replay.text(characters: .ascii)))
    }

    @Test("The progress bar", arguments: TerminalCharacters.allCases)
    func progress(characters: TerminalCharacters) throws {
        let text = Lock("")
        let logger = ProgressLogger(.bar, characters: characters) { piece in text.withLock { $0 += piece } }
        let model = try SmallNetwork.make()
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        try model.fit(
            SmallNetwork.images(),
            SmallNetwork.labels(),
            verbose: .silent,
            callbacks: [logger]
        )
        let printed = text.withLock { $0 }
        #expect(isASCII(printed) == (characters == .ascii))
        #expect(printed.contains(characters == .ascii ? "====" : "━━━━"))
    }

    /// Tables, bars and charts are drawn for a set of characters; whatever else the library says must be ASCII, for
    /// an error can be printed anywhere.
    @Test("Text that is not for one set of characters is ASCII")
    func literals() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        // Each of these passes its text through `TerminalCharacters`, or draws SVG, which is UTF-8.
        let drawing: Set = [
            "TerminalCharacters.swift", "SummaryTable.swift", "Model+Summary.swift",
            "Profile+Description.swift",
            "ProgressLogger.swift", "Winograd.swift", "Im2colConvolution.swift", "ConfusionMatrix+Text.swift",
            "ConfusionMatrix+Description.swift",
            "SeriesStyle.swift", "TerminalPlot.swift", "Mark.swift", "TerminalImage.swift",
            "String+Columns.swift", "String+Pixels.swift", "StrokeFont.swift",
        ]
        var count = 0
        for folder in ["Sources", "Examples"] {
            let files = try FileManager.default.subpathsOfDirectory(atPath: root.path + "/" + folder)
            for file in files where file.hasSuffix(".swift") {
                count += 1
                guard !drawing.contains((file as NSString).lastPathComponent) else { continue }
                let text = try String(contentsOfFile: "\(root.path)/\(folder)/\(file)", encoding: .utf8)
                for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
                    .enumerated()
                {
                    // Comments may say what they like.
                    let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line[...]
                    #expect(isASCII(String(code)), "\(folder)/\(file):\(number + 1)")
                }
            }
        }
        #expect(count > 200)
    }
}
