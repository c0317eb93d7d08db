import Foundation

/// Reads the samples of one pass over a dataset before they are needed, on threads of its own, in order.
///
/// The samples lie in a ring, batch after batch: the one at hand and those that are read ahead. A sample of the batch at hand that
/// no thread has begun is read by whoever needs it, so nobody waits for a thread that has not come to run.
package final class ReadAhead: @unchecked Sendable {
    // Sendable: `condition` guards what changes. A sample's place in the ring belongs to the thread that has claimed it, until it is
    // done; then to those who read the batch at hand, until that ends.

    private enum State {
        case unread, claimed, done, failed
    }

    private let feed: Feed
    private let reading: Reading
    /// The samples in the order in which they are needed.
    private let order: UnsafeBufferPointer<Int>
    private let condition = NSCondition()
    /// Of each place in the ring.
    private var states: [State]
    private var failures: [Int: any Error] = [:]
    /// The samples of the batch at hand, as places in `order`.
    private var batch = 0..<0
    /// Places before it have been claimed.
    private var next = 0
    private var threadCount = 0
    private var isStopped = false
    /// How many wait for a sample that another thread reads.
    private var waiting = 0

    /// Where each field that is needed lies in a sample's part of the ring; `nil` for the others.
    private let offsets: [Int?]
    /// Bytes from one sample to the next.
    private let stride: Int
    private let storage: AlignedBuffer

    private init(
        _ feed: Feed,
        _ order: UnsafeBufferPointer<Int>,
        in reading: Reading,
        batchSize: Int,
        threads: Int
    ) throws {
        self.feed = feed
        self.reading = reading
        self.order = order
        let needed = Set(feed.inputs + feed.targets.compactMap(\.field) + (feed.weight.map { [$0] } ?? []))
        var end = 0
        offsets = feed.fields.indices.map { field in
            guard needed.contains(field) else { return nil }
            defer { end += feed.fields[field].shape.elementCount * 4 }
            return end
        }
        // No two threads write to one cache line.
        stride = (end + 63) / 64 * 64
        let readsAhead = feed.dataset.readsAhead
        let batchCount = (order.count - 1) / batchSize + 1
        let places = readsAhead >= batchCount ? order.count : min(order.count, batchSize * (readsAhead + 1))
        let (byteCount, overflow) = places.multipliedReportingOverflow(by: stride)
        states = Array(repeating: .unread, count: places)
        storage = try AlignedBuffer(
            lasting: overflow ? .max : byteCount,
            for: "\(readsAhead) batches read ahead, of \(batchSize) samples"
        )
        for _ in 0..<threads { start() }
    }

    /// Calls `body` while samples are read ahead for it; with `nil` if the dataset does not ask for that, or there is one batch
    /// alone. No thread reads the dataset any more when it returns.
    ///
    /// - Parameters:
    ///   - order: the samples, in the order in which they are needed.
    ///   - threads: how many threads read.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory; what `body` throws.
    package static func of<Result>(
        _ feed: Feed,
        _ order: UnsafeBufferPointer<Int>,
        in reading: Reading,
        batchSize: Int,
        threads: Int,
        _ body: (ReadAhead?) throws -> Result
    ) throws -> Result {
        guard feed.dataset.readsAhead > 0, order.count > batchSize else { return try body(nil) }
        let ahead = try ReadAhead(feed, order, in: reading, batchSize: batchSize, threads: threads)
        defer { ahead.stop() }
        return try body(ahead)
    }

    /// Goes on to the next batch; the one before is no longer needed.
    func take(_ count: Int) {
        condition.withLock {
            for place in batch {
                states[place % states.count] = .unread
                failures[place] = nil
            }
            batch = batch.upperBound..<(batch.upperBound + count)
            next = max(next, batch.lowerBound)
            condition.broadcast()
        }
    }

    /// Writes a sample of the batch at hand.
    ///
    /// - Parameter offset: its place in the batch.
    /// - Throws: what the dataset has thrown for it.
    func read(_ offset: Int, into sample: SampleWriter) throws {
        let place = batch.lowerBound + offset, slot = place % states.count
        let isRead = try condition.withLock {
            if states[slot] == .unread {
                states[slot] = .claimed
                return false
            }
            while states[slot] == .claimed {
                waiting += 1
                condition.wait()
                waiting -= 1
            }
            if let failure = failures[place] { throw failure }
            return true
        }
        // What is claimed here is read here, and nobody else asks for it.
        guard isRead else { return try feed.dataset.read(order[place], in: reading, into: sample) }
        let base = storage.base + slot * stride
        for (field, offset) in offsets.enumerated() {
            guard let offset, let address = sample.places[field].address else { continue }
            address.copyMemory(from: base + offset, byteCount: sample.places[field].count * 4)
        }
    }

    private func start() {
        let thread = Thread { [self] in
            // Not before: a thread that the system refuses is not waited for, and others read its samples.
            condition.withLock { threadCount += 1 }
            prepareThread()
            // Of this thread alone, on Linux. Where all processors compute, one that is taken from a worker for a sample makes the others
            // wait at the end of a stage: reading ahead takes the gaps, and little else. A refusal costs no more than that.
            _ = nice(10)
            withPlaces { serve($0) }
            condition.withLock {
                threadCount -= 1
                condition.broadcast()
            }
        }
        thread.name = "read ahead"
        // A decoder of somebody else's may need as much as it has on a main thread.
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
            while threadCount > 0 { condition.wait() }
        }
    }

    private func withPlaces(_ body: (SampleWriter) -> Void) {
        withUnsafeTemporaryAllocation(of: SampleWriter.Place.self, capacity: offsets.count) { places in
            places.initialize(repeating: SampleWriter.Place())
            body(SampleWriter(places: places))
        }
    }

    /// Reads samples until there are no more, or it is stopped.
    private func serve(_ writer: SampleWriter) {
        while let place = claim() {
            let slot = place % states.count, base = storage.base + slot * stride
            for (index, field) in feed.fields.enumerated() {
                guard let offset = offsets[index] else { continue }
                writer.places[index] = .init(
                    address: base + offset,
                    count: field.shape.elementCount,
                    isLabel: field.element == .int32
                )
                // What a dataset leaves out has the value that it has without reading ahead.
                if field.element == .int32 {
                    (base + offset).storeBytes(of: 0, as: Int32.self)
                } else if index == feed.weight {
                    (base + offset).storeBytes(of: 1, as: Float.self)
                }
            }
            let result = Result { try feed.dataset.read(order[place], in: reading, into: writer) }
            condition.withLock {
                switch result {
                case .success: states[slot] = .done
                case .failure(let error):
                    states[slot] = .failed
                    failures[place] = error
                }
                if waiting > 0 { condition.broadcast() }
            }
        }
    }

    /// The next sample that nobody has begun; waits for room in the ring. `nil` at the end.
    private func claim() -> Int? {
        condition.withLock {
            while !isStopped {
                let end = min(batch.lowerBound + states.count, order.count)
                while next < end, states[next % states.count] != .unread { next += 1 }
                if next < end {
                    defer { next += 1 }
                    states[next % states.count] = .claimed
                    return next
                }
                if next == order.count { return nil }
                condition.wait()
            }
            return nil
        }
    }
}
