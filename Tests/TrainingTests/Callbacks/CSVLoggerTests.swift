import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("CSVLogger")
struct CSVLoggerTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("log.csv")
    }

    private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("the epoch, then figures by name; a file that is there is replaced")
    func content() throws {
        try Data("old\n".utf8).write(to: URL(fileURLWithPath: path))
        try runScript([0.5, 0.25], on: scriptedModel(), callbacks: [CSVLogger(path)], validates: true)
        #expect(
            try text()
                == "epoch,loss,score,val_loss,val_score\r\n0,0.5,0.5,0.5,0.5\r\n1,0.25,0.25,0.25,0.25\r\n"
        )
        try runScript([2], on: scriptedModel(), callbacks: [CSVLogger(path, separator: ";")])
        #expect(try text() == "epoch;loss;score;val_loss;val_score\r\n0;2.0;2.0;NA;NA\r\n")
        #expect(try folder.names == ["log.csv"])
    }

    @Test("appending goes on below what is there, with NA for what is missing")
    func appending() throws {
        for initialEpoch in 0..<2 {
            try runScript(
                [0.5, 0.25],
                on: scriptedModel(),
                callbacks: [CSVLogger(path, append: true)],
                initialEpoch: initialEpoch,
                validates: initialEpoch == 0
            )
        }
        #expect(
            try text()
                == """
                epoch,loss,score,val_loss,val_score
                0,0.5,0.5,0.5,0.5
                1,0.25,0.25,0.25,0.25
                1,0.25,0.25,NA,NA

                """.replacing("\n", with: "\r\n")
        )
    }

    @Test("the header of a file decides what is added: columns in its order, its line ends, quoted names")
    func headerDecides() throws {
        // As earlier versions wrote it: without columns of validation, and with LF.
        try Data("epoch,score,loss\n1,0.5,0.5".utf8).write(to: URL(fileURLWithPath: path))
        let plateau = ReduceLROnPlateau(monitor: "loss")
        try runScript([0.25], on: scriptedModel(), callbacks: [plateau, CSVLogger(path, append: true)])
        #expect(try text() == "epoch,score,loss\n1,0.5,0.5\n0,0.25,0.25\n")

        let odd = try Sequential(inputShape: [1], layers: [Weight()])
        try odd.compile(
            optimizer: .sgd(learningRate: 1),
            loss: PredictionLoss(),
            metrics: [ScriptedFigure(name: #"the "score", here"#)]
        )
        for append in [false, true] {
            try runScript([0.5], on: odd, callbacks: [CSVLogger(path, append: append)], validates: true)
        }
        let header = #"epoch,loss,"the ""score"", here",val_loss,"val_the ""score"", here""#
        #expect(try text() == header + "\r\n" + String(repeating: "0,0.5,0.5,0.5,0.5\r\n", count: 2))
    }

    @Test("a file with other columns is left as it is, and nothing is trained")
    func otherColumns() throws {
        try Data("epoch,loss\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
        let model = try scriptedModel()
        let error = #expect(throws: ConvNetError.self) {
            try runScript([0.5], on: model, callbacks: [CSVLogger(path, append: true)])
        }
        #expect(error?.kind == .format)
        #expect(try model.weight == 1)
        #expect(try text() == "epoch,loss\n1,2\n")
    }

    @Test("a path that cannot be written shows before anything is trained")
    func unwritable() throws {
        let model = try scriptedModel()
        let error = #expect(throws: ConvNetError.self) {
            try runScript([0.5], on: model, callbacks: [CSVLogger(folder.file("missing/log.csv"))])
        }
        #expect(error?.kind == .file)
        #expect(try model.weight == 1)
    }
}
