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
            try text() == "epoch,loss,score,val_loss,val_score\n1,0.5,0.5,0.5,0.5\n2,0.25,0.25,0.25,0.25\n")
        try runScript([2], on: scriptedModel(), callbacks: [CSVLogger(path, separator: ";")])
        #expect(try text() == "epoch;loss;score\n1;2.0;2.0\n")
        #expect(try folder.names == ["log.csv"])
    }

    @Test("appending goes on below what is there, with NA for what is missing")
    func appending() throws {
        for initialEpoch in 0..<2 {
            try runScript(
                [0.5, 0.25], on: scriptedModel(), callbacks: [CSVLogger(path, append: true)],
                initialEpoch: initialEpoch, validates: initialEpoch == 0)
        }
        #expect(
            try text() == """
                epoch,loss,score,val_loss,val_score
                1,0.5,0.5,0.5,0.5
                2,0.25,0.25,0.25,0.25
                2,0.25,0.25,NA,NA

                """)
    }

    @Test("a file with other columns is left as it is")
    func otherColumns() throws {
        try Data("epoch,loss\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ConvNetError.self) {
            try runScript([0.5], on: scriptedModel(), callbacks: [CSVLogger(path, append: true)])
        }
        #expect(error?.kind == .format)
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
