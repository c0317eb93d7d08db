import Foundation

/// A file of TensorBoard's events, to which records are added.
///
/// A record is: the length of the event (8 bytes), its check, the event, its check. A record that a crash has cut short ends the file
/// for its readers; a run that is resumed opens a new file.
///
/// Source: TensorFlow, `tensorflow/core/lib/io/record_writer.h` and `tensorflow/core/util/event.proto`.
final class EventFile {
    private let descriptor: Int32
    private let writer: FileWriter

    /// Makes a file in a folder, which is made as well.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be made.
    init(in folder: String) throws {
        try Folders.make(folder, as: "the folder of TensorBoard's files")
        let host = ProcessInfo.processInfo.hostName
        let time = Int(Date().timeIntervalSince1970)
        var number = 0
        var path = ""
        var opened: Int32 = -1
        repeat {
            let start = String(repeating: "0", count: max(0, 10 - "\(time)".count)) + "\(time)"
            path = "\(folder)/events.out.tfevents.\(start).\(host).\(getpid()).\(number).v2"
            opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
            number += 1
        } while opened < 0 && errno == EEXIST && number < 1000
        guard opened >= 0 else {
            throw ConvNetError(
                .file,
                "Cannot make a file for TensorBoard: \(ConvNetError.systemMessage())",
                at: path
            )
        }
        descriptor = opened
        writer = FileWriter(descriptor: opened, path: path)
        try add(step: nil) { $0.text(3, "brain.Event:2") }
    }

    deinit { close(descriptor) }

    /// Adds an event, with the time at hand.
    func add(step: Int?, _ fill: (inout ProtobufMessage) -> Void) throws {
        var event = ProtobufMessage()
        event.double(1, Date().timeIntervalSince1970)
        if let step { event.integer(2, step) }
        fill(&event)
        let length = UInt64(event.bytes.count).littleEndianBytes
        try writer.write(length + CRC32C.masked(length).littleEndianBytes)
        try writer.write(event.bytes)
        try writer.write(CRC32C.masked(event.bytes).littleEndianBytes)
    }

    /// Adds numbers, each under a tag.
    func add(_ scalars: [(tag: String, value: Double)], step: Int) throws {
        guard !scalars.isEmpty else { return }
        try add(step: step) { event in
            event.message(5) { summary in
                for (tag, value) in scalars {
                    summary.message(1) {
                        $0.text(1, tag)
                        $0.float(2, Float(value))
                    }
                }
            }
        }
    }

    /// Adds a histogram of values under a tag.
    func add(_ values: UnsafeBufferPointer<Float>, tag: String, step: Int) throws {
        guard let histogram = Histogram(values) else { return }
        try add(step: step) { event in
            event.message(5) { summary in
                summary.message(1) { value in
                    value.text(1, tag)
                    value.message(5, histogram.write)
                }
            }
        }
    }

    /// Says that steps from this one on begin anew: TensorBoard forgets those that an earlier file has.
    func startAgain(at step: Int) throws {
        try add(step: step) { $0.message(7) { $0.integer(1, 1) } }
    }

    /// Hands all that was added to the system.
    func flush() throws { try writer.flush() }
}

/// Where values lie, in 30 parts of equal width, as Keras' callback counts them.
private struct Histogram {
    private static let partCount = 30

    private let smallest: Double, largest: Double, sum: Double, squares: Double
    private let counts: [Double]

    /// `nil` if there is no value, or one that is not finite.
    init?(_ values: UnsafeBufferPointer<Float>) {
        guard let least = values.min(), let most = values.max(), least.isFinite, most.isFinite else {
            return nil
        }
        smallest = Double(least)
        largest = Double(most)
        var sum = 0.0, squares = 0.0
        var counts = [Double](repeating: 0, count: Self.partCount)
        let width = (largest - smallest) / Double(Self.partCount)
        for value in values {
            guard value.isFinite else { return nil }
            sum += Double(value)
            squares += Double(value) * Double(value)
            let part = width > 0 ? Int((Double(value) - smallest) / width) : 0
            counts[min(part, Self.partCount - 1)] += 1
        }
        self.sum = sum
        self.squares = squares
        self.counts = counts
    }

    func write(to message: inout ProtobufMessage) {
        let width = (largest - smallest) / Double(counts.count)
        message.double(1, smallest)
        message.double(2, largest)
        message.double(3, counts.reduce(0, +))
        message.double(4, sum)
        message.double(5, squares)
        message.packed(6, counts.indices.map { smallest + width * Double($0 + 1) })
        message.packed(7, counts)
    }
}

/// The check of a record: CRC-32C, by Castagnoli's polynomial, masked as TensorFlow masks it.
package enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
        }
    }

    package static func masked(_ bytes: [UInt8]) -> UInt32 {
        let check = ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
        return (check >> 15 | check << 17) &+ 0xA282_EAD8
    }
}
