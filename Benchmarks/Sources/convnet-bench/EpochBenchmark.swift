import BenchmarkCore
import ConvNetImages
import Foundation
import SwiftConvNet
import Synchronization

/// The time of an epoch on pictures of a folder, beside what decoding and training take alone.
struct EpochBenchmark {
    let effort: Effort
    let pictures: PictureOptions

    func section() throws -> ReportSection {
        var section = ReportSection(
            name: "epoch",
            title: "An epoch from a folder of pictures",
            rowTitle: "network",
            charted: .seconds,
            notes: [
                "median of \(effort.repeats) rounds in turn, 3 at most of large networks; \(effort.threads) threads",
                "epoch: fit on an ImageFolder, which decodes two batches ahead; wall time, the first look at the headers not "
                    + "counted; files are in the system's cache",
                "decoding: each sample is read once, by \(effort.threads) threads and without training; processor time",
                "training: fit on the same pictures as bytes in memory; processor time, in which workers that wait for less than "
                    + "some ten microseconds count, those that wait longer do not",
                "epoch / ideal: the ideal is the sum of decoding and training, divided by the number of threads",
            ]
        )
        for source in pictures.sources {
            guard let folder = source.folder else {
                section.notes.append(
                    "\(source.network.rawValue) was not measured: \(source.option) names a folder, which "
                        + "\(source.command) makes"
                )
                continue
            }
            section.figures += try figures(source.network, folder)
        }
        return section
    }

    private func figures(_ network: BenchmarkNetwork, _ folder: String) throws -> [Figure] {
        let batch = network.trainingBatches[0], shape = network.inputShape
        let all = try ImageFolder(folder, imageSize: Size2D(shape[0], shape[1]))
        let count = min(all.count, pictures.count ?? .max, effort.isQuick ? 3 * batch : .max)
        guard count > batch else {
            throw ConvNetError(
                .data,
                "There are too few pictures to read ahead",
                at: folder,
                expected: "more than a batch, \(batch)",
                received: "\(count)"
            )
        }
        let data = try Subset(all, 0..<count)
        let memory = try Self.inMemory(data, all.labels)
        let model = try network.make(effort.options)
        func train(_ data: any Dataset) throws { try model.fit(data, batchSize: batch, verbose: .silent) }
        // Plans are made, and memory is touched.
        try train(Subset(data, 0..<min(count, 2 * batch)))

        var epoch: [Double] = [], itsProcessors: [Double] = []
        var decoding: [Double] = [], training: [Double] = [], trainingEpoch: [Double] = []
        for _ in 0..<(network.isLarge ? min(effort.repeats, 3) : effort.repeats) {
            itsProcessors.append(
                try ProcessorTime.ofProcess { epoch.append(try Stopwatch.seconds { try train(data) }) }
            )
            decoding.append(
                try ProcessorTime.ofProcess { try Self.decode(data, threads: effort.threads) }
            )
            training.append(
                try ProcessorTime.ofProcess {
                    trainingEpoch.append(try Stopwatch.seconds { try train(memory) })
                }
            )
        }
        let row =
            "\(network.rawValue), batch \(batch), \(count) pictures"
            + (count < all.count ? " of \(all.count)" : "")
        let ideal =
            (Statistics(decoding).median + Statistics(training).median) / Double(effort.threads)
        return [
            Figure(row, "epoch", .seconds, epoch),
            Figure(row, "its processor time", .seconds, itsProcessors),
            Figure(row, "decoding", .seconds, decoding),
            Figure(row, "training", .seconds, training),
            Figure(row, "epoch from memory", .seconds, trainingEpoch),
            Figure(row, "epoch / ideal", .ratio, derived: Statistics(epoch).median / ideal),
        ]
    }

    /// The pictures as bytes, with their classes. Values between two levels, which a change of size makes, are rounded.
    private static func inMemory(_ data: Subset, _ labels: Labels?) throws -> ArrayDataset {
        let shape = data.fields[0].shape, size = shape.elementCount
        var values = [Float](repeating: 0, count: size), bytes: [UInt8] = []
        bytes.reserveCapacity(data.count * size)
        for index in 0..<data.count {
            try values.withUnsafeMutableBufferPointer { try data.readValues(0, of: index, into: $0) }
            for value in values { bytes.append(UInt8(min(max(value.rounded(), 0), 255))) }
        }
        return try ArrayDataset(
            ByteTensor(bytes, shape: shape.batched(data.count), scale: 1),
            Labels(Array((labels?.values ?? []).prefix(data.count)))
        )
    }

    /// Reads each sample once, the threads in turn.
    private static func decode(_ data: Subset, threads: Int) throws {
        let size = data.fields[0].shape.elementCount
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var values = [Float](repeating: 0, count: size)
            do {
                for index in stride(from: thread, to: data.count, by: threads) {
                    try values.withUnsafeMutableBufferPointer {
                        try data.readValues(0, of: index, into: $0)
                    }
                }
            } catch { failure.withLock { $0 = error } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
