import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("TensorBoard")
struct TensorBoardTests {
    /// The records of the files in a folder, each check verified.
    private func records(in folder: String) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            #expect(name.hasPrefix("events.out.tfevents."))
            var rest = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))[...]
            while !rest.isEmpty {
                let length = rest.prefix(8)
                let count = Int(length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
                try #require(rest.count >= 16 + count)
                let data = Array(rest.dropFirst(12).prefix(count))
                #expect(Array(rest.dropFirst(8).prefix(4)) == CRC32C.masked(Array(length)).littleEndianBytes)
                #expect(
                    Array(rest.dropFirst(12 + count).prefix(4)) == CRC32C.masked(data).littleEndianBytes
                )
                records.append(data)
                rest = rest.dropFirst(16 + count)
            }
        }
        return records
    }

    private func texts(_ records: [[UInt8]]) -> String {
        records.map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    private func fit(_ callback: TensorBoard, epochs: Int = 2) throws {
        let model = try Sequential(inputShape: [2], seed: 1) { Dense(units: 1) }
        try model.compile(optimizer: .sgd(), loss: .mse())
        let x = try TestValues.uniform([8, 2], seed: 1), y = try TestValues.uniform([8, 1], seed: 2)
        try model.fit(
            x,
            y,
            batchSize: 2,
            epochs: epochs,
            verbose: .silent,
            callbacks: [callback],
            validationSplit: 0.25
        )
    }

    @Test("the check of records is CRC-32C, masked")
    func check() {
        // The vector of RFC 3720 for "123456789" is E3069283.
        #expect(CRC32C.masked(Array("123456789".utf8)) == 0xC78A_B0E5)
    }

    @Test("epochs and histograms stand under Keras' tags, training and validation apart")
    func epochs() throws {
        let folder = try TemporaryFolder()
        try fit(TensorBoard(folder.file("logs"), histogramFrequency: 1))
        let training = try records(in: folder.file("logs/train"))
        // The version; then values and two histograms for each epoch.
        #expect(training.count == 1 + 2 * 3)
        for tag in ["epoch_loss", "epoch_learning_rate", "dense/kernel/histogram", "dense/bias/histogram"] {
            #expect(texts(training).contains(tag), "\(tag)")
        }
        #expect(texts([training[0]]).contains("brain.Event:2"))
        #expect(!texts(training).contains("val_") && !texts(training).contains("batch_loss"))
        let validation = try records(in: folder.file("logs/validation"))
        #expect(validation.count == 1 + 2 && texts(validation).contains("epoch_loss"))
    }

    @Test("batches are written if asked for")
    func batches() throws {
        let folder = try TemporaryFolder()
        try fit(TensorBoard(folder.file("a"), updateFrequency: .batch), epochs: 1)
        #expect(try records(in: folder.file("a/train")).count == 1 + 3 + 1)
        try fit(TensorBoard(folder.file("b"), updateFrequency: .batches(2)), epochs: 1)
        #expect(try records(in: folder.file("b/train")).count == 1 + 1 + 1)
    }

    @Test("settings that cannot be, and a folder that cannot be made, are errors before training")
    func errors() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.file("file")))
        for callback in [
            TensorBoard(folder.file("logs"), histogramFrequency: -1),
            TensorBoard(folder.file("logs"), updateFrequency: .batches(0)),
            TensorBoard(folder.file("file/logs")),
        ] {
            #expect(throws: ConvNetError.self) { try fit(callback) }
        }
    }

    @Test("TensorBoard reads the file", .enabled(if: Python.path != nil))
    func python() throws {
        let folder = try TemporaryFolder()
        try fit(TensorBoard(folder.file("logs"), histogramFrequency: 1))
        let script = """
            import sys
            try:
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            except ImportError:
                print("absent")
            else:
                found = EventAccumulator(sys.argv[1]).Reload()
                print(sorted(found.Tags()["scalars"]), sorted(found.Tags()["histograms"]))
                print([event.step for event in found.Scalars("epoch_loss")])
            """
        let output = try Python.run(script, folder.file("logs/train"))
        guard !output.contains("absent") else { return }
        #expect(output.contains("epoch_loss") && output.contains("dense/kernel/histogram"))
        #expect(output.contains("[0, 1]"))
    }
}
