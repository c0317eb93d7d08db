import Foundation
import SwiftConvNet
import TestSupport

/// Checkpoints: a run goes on with what is read.
struct CheckpointTarget: FuzzTarget {
    static let name = "checkpoint"

    private(set) var seeds: [[UInt8]] = []
    let words = [
        "\"position\":", "\"epoch\":", "\"batch\":", "\"samplesSeen\":", "\"figures\":", "\"states\":",
        "\"step\":",
        "\"stopReason\":", "\"parameters\":", "\"callbacks\":", "\"learningRate\":", "null", "true", "[]",
        "{}", "\"",
        ",", "-1", "0", "1e308", "9007199254740993", "\"7ff0000000000000\"", "\"7ff8000000000000\"",
    ]

    // Plans, workers' memory and Foundation's JSON.
    let allowance = 8 << 20

    private let folder: TemporaryFolder
    private let model: Sequential
    private let data: ArrayDataset

    init() throws {
        folder = try TemporaryFolder()
        model = try Sequential(
            inputShape: [2],
            layers: [Dense(units: 2), BatchNormalization(), Dense(units: 1)],
            options: ComputeOptions(threads: 1)
        )
        try model.compile(optimizer: .adam(), loss: .meanSquaredError())
        let samples = try Tensor(shape: [5, 2], repeating: 1)
        data = try ArrayDataset(samples, Tensor(shape: [5, 1], repeating: 2))
        // Of the end of an epoch, of the middle of the next one, and of the end of the run.
        for (epochs, interval) in [
            (1, CheckpointInterval.everyEpoch), (2, .every(steps: 4)), (2, .everyEpoch),
        ] {
            try removeCheckpoints()
            try fit(epochs: epochs, interval, resume: false)
            for name in ["a", "b"] {
                if let bytes = FileManager.default.contents(atPath: path(name)) { seeds.append(Array(bytes)) }
            }
        }
    }

    private func path(_ name: String) -> String { folder.file("checkpoints/\(name).checkpoint") }

    private func removeCheckpoints() throws {
        for name in ["a", "b"] where FileManager.default.fileExists(atPath: path(name)) {
            try FileManager.default.removeItem(atPath: path(name))
        }
    }

    private func fit(epochs: Int = 2, _ interval: CheckpointInterval = .everyEpoch, resume: Bool) throws {
        try model.fit(
            data,
            batchSize: 2,
            epochs: epochs,
            verbose: .silent,
            callbacks: [EarlyStopping(monitor: "loss", patience: 9, restoreBestWeights: true)],
            nonFinite: .ignore,
            checkpoint: interval,
            at: folder.file("checkpoints"),
            resume: resume
        )
    }

    func read(_ input: [UInt8]) throws {
        try removeCheckpoints()
        try Data(input).write(to: URL(fileURLWithPath: path("a")))
        try fit(resume: true)
    }

    // MARK: - Repair

    /// Makes header, table, lengths and digests agree with what the file holds.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        let header = 48
        guard input.count > header + 12 else { return }
        var place = header + 12
        var entries: [(name: [UInt8], length: Int)] = []
        let count = number(input, header + 8, 4)
        while entries.count < count, place + 2 <= input.count {
            let nameLength = number(input, place, 2)
            let end = place + 2 + nameLength + 16 + SHA256.byteCount
            guard end <= input.count else { break }
            entries.append(
                (
                    Array(input[(place + 2)..<(place + 2 + nameLength)]),
                    number(input, place + 10 + nameLength, 8)
                )
            )
            place = end
        }
        var content = input[place...]
        var table = Array(input[header..<(header + 8)]) + bytes(entries.count, 4)
        var sections: [ArraySlice<UInt8>] = []
        let tableLength = place - header
        for (index, entry) in entries.enumerated() {
            let isLast = index == entries.count - 1
            let section = content.prefix(isLast ? content.count : min(entry.length, content.count))
            table += bytes(entry.name.count, 2) + entry.name
            table += bytes(header + tableLength + sections.reduce(0) { $0 + $1.count }, 8)
            table += bytes(section.count, 8) + SHA256.hash(Array(section)).bytes
            sections.append(section)
            content = content.dropFirst(section.count)
        }
        input =
            [0x89, 0x53, 0x43, 0x4E, 0x43, 0x4B, 0x50, 0x0A] + bytes(1, 4) + bytes(table.count, 4)
            + SHA256.hash(table).bytes + table + sections.joined()
    }

    private func number(_ input: [UInt8], _ place: Int, _ length: Int) -> Int {
        Int(clamping: input[place..<(place + length)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private func bytes(_ number: Int, _ length: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0.prefix(length)) }
    }
}
