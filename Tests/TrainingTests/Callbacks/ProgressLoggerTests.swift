import SwiftConvNet
import Testing

@Suite("ProgressLogger")
struct ProgressLoggerTests {
    private final class Page {
        var pieces: [String] = []
        var text: String { pieces.joined() }
        func logger(_ style: ProgressLogger.Style, columns: Int? = nil) -> ProgressLogger {
            ProgressLogger(
                style,
                characters: .unicode,
                columns: { columns },
                sink: { self.pieces.append($0) }
            )
        }
    }

    private func train(_ logger: ProgressLogger, epochs: Int = 2, samples: Int = 10, validates: Bool = true)
        throws
    {
        let data = try ArrayDataset(
            Tensor(shape: [samples, 1], repeating: 0.5),
            Tensor(zeros: [samples, 1])
        )
        try scriptedModel().fit(
            data,
            batchSize: 4,
            epochs: epochs,
            verbose: .silent,
            callbacks: [logger],
            validationData: validates ? data : nil
        )
    }

    @Test("on a pipe: one line per epoch, plain text")
    func lines() throws {
        let page = Page()
        try train(page.logger(.lines))
        let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3)
        #expect(lines[2].isEmpty)
        for (index, line) in lines.dropLast().enumerated() {
            let pattern =
                /Epoch (\d)\/2 - \d+\.\d s - \d+ samples\/s - loss: 0\.5000 - score: 0\.5000 - val_loss: 0\.5000 - val_score: 0\.5000/
            let match = try #require(try pattern.wholeMatch(in: line))
            #expect(match.1 == "\(index + 1)")
        }
        #expect(page.text.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
        #expect(page.pieces.count == 2)
        #expect(!page.logger(.lines).receivesBatches)
    }

    @Test("on a terminal: a bar that is redrawn in place, and stands when the epoch is done")
    func bar() throws {
        let page = Page()
        try train(page.logger(.bar))
        #expect(page.text.hasPrefix("Epoch 1/2\n\r"))
        let lines = page.text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[2] == "Epoch 2/2")
        for line in [lines[1], lines[3]] {
            #expect(line.hasSuffix("\u{1B}[K"))
            let last = try #require(line.split(separator: "\r").last)
            #expect(try /3\/3 ━━━━━━━━━━━━━━━━━━━━ \d+\.\d s - .*/.wholeMatch(in: last) != nil)
            #expect(last.contains("loss: 0.5000 - score: 0.5000 - val_loss: 0.5000 - val_score: 0.5000"))
        }
        let first = try #require(page.pieces.dropFirst().first)
        #expect(
            try /\r1\/3 ━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌ \d+\.\d s left - .*/.dotMatchesNewlines().wholeMatch(in: first)
                != nil
        )
        #expect(page.logger(.bar).receivesBatches)
    }

    @Test("the bar is drawn about ten times a second, however fast batches come")
    func redrawing() throws {
        let page = Page()
        let clock = ContinuousClock()
        let seconds = try clock.measure {
            try train(page.logger(.bar), epochs: 1, samples: 8000, validates: false)
        }.seconds
        // Of 2,000 batches: the first, one each tenth of a second, and the finished epoch.
        let drawings = page.pieces.count { $0.hasPrefix("\r") }
        #expect(drawings <= Int(seconds * 10) + 2)
        #expect(drawings >= 2)
    }

    @Test("a line that the terminal could not redraw is shortened; the last of an epoch keeps its figures")
    func narrow() throws {
        let wide = Page()
        try train(wide.logger(.bar))
        for columns in [40, 70] {
            let page = Page()
            try train(page.logger(.bar, columns: columns))
            let pieces = page.pieces.indices.filter { page.pieces[$0].hasPrefix("\r") }
            for index in pieces where page.pieces[index + 1] != "\n" {
                #expect(page.pieces[index].dropFirst().dropLast(3).count < columns)
            }
            let last = page.pieces[pieces.last ?? 0]
            let figures = wide.pieces.last { $0.hasPrefix("\r") }?.components(separatedBy: " - loss").last
            #expect(last.hasSuffix(figures ?? "none"))
        }
    }

    @Test("the reason of an early end is told, and an error leaves the line")
    func ends() throws {
        let data = try ArrayDataset(Tensor(shape: [10, 1], repeating: 0.5), Tensor(zeros: [10, 1]))
        let page = Page()
        let stopper = LambdaCallback(onBatchEnd: { _, session in session.stop(because: "enough") })
        try scriptedModel().fit(
            data,
            batchSize: 4,
            verbose: .silent,
            callbacks: [page.logger(.bar), stopper]
        )
        #expect(page.text.hasSuffix("\u{1B}[K\nStopped: enough\n"))

        struct Odd: Error {}
        let other = Page()
        let thrower = LambdaCallback(onBatchEnd: { _, _ in throw Odd() })
        #expect(throws: Odd.self) {
            try scriptedModel().fit(
                data,
                batchSize: 4,
                verbose: .silent,
                callbacks: [other.logger(.bar), thrower]
            )
        }
        #expect(other.text.hasSuffix("\u{1B}[K\n"))
    }

    @Test("durations")
    func durations() {
        #expect(ProgressLogger.duration(0) == "0.0 s")
        #expect(ProgressLogger.duration(3.14) == "3.1 s")
        #expect(ProgressLogger.duration(59.99) == "1 min 00 s")
        #expect(ProgressLogger.duration(125) == "2 min 05 s")
        #expect(ProgressLogger.duration(3725) == "1 h 02 min")
        #expect(ProgressLogger.duration(.infinity) == "?")
        #expect(ProgressLogger.duration(.nan) == "?")
    }
}
