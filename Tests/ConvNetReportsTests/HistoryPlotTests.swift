import ConvNetReports
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("History that draws itself")
struct HistoryPlotTests {
    private func history(validation: ValidationFrequency = 1) throws -> History {
        let model = try Sequential(inputShape: [2], layers: [Dense(2, activation: .softmax)])
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let x = try TestValues.uniform([12, 2], seed: 1)
        let y = Labels((0..<12).map { Int32($0 % 2) })
        return try model.fit(
            x,
            y,
            batchSize: 4,
            epochs: 4,
            verbose: .silent,
            validationData: (x, y),
            validationFrequency: validation
        )
    }

    @Test("a chart for each metric, with training and validation")
    func charts() throws {
        let history = try history()
        let charts = history.charts()
        #expect(charts.map(\.title) == ["Loss", "Accuracy"])
        #expect(charts[0].series.map(\.name) == ["training", "validation"])
        #expect(charts[0].series[1].points.map(\.y) == history["val_loss"])
        #expect(charts[1].yAxis.numbers == .percent)
        let sparse = try self.history(validation: 3).charts()
        #expect(sparse[0].series[1].points.map(\.x) == [3])
        #expect(History().charts().isEmpty)
    }

    @Test("into a file, in a line")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("curves.svg")
        try history().plot(to: path, title: "A run")
        let picture = try SVGInspector(String(contentsOfFile: path, encoding: .utf8))
        #expect(picture.texts.contains("A run"))
        #expect(picture.texts.contains("Accuracy"))
        try History().plot(to: path)
        _ = try SVGInspector(String(contentsOfFile: path, encoding: .utf8))
        for name in ["curves.jpg", "curves", ""] {
            let error = try #require(throws: ConvNetError.self) { try history().plot(to: folder.file(name)) }
            #expect(error.kind == .argument)
        }
    }

    @Test("as PNG, by the ending of the path")
    func pixels() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("curves.PNG")
        try history().plot(to: path, title: "A run")
        let image = try PNGImage(Array(Data(contentsOf: URL(fileURLWithPath: path))))
        #expect((image.width, image.height) == (1920, 720))
        for color in ThemedColor.series.prefix(2) { #expect(image.count(of: color.light) > 500) }
    }

    @Test("as text")
    func text() throws {
        let text = try history().plot(width: 40, height: 5, characters: .ascii)
        #expect(text.contains("Loss") && text.contains("Accuracy"))
        #expect(text.utf8.allSatisfy { $0 < 128 })
    }
}
