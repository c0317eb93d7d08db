import ConvNetInterop
import SwiftConvNet

/// A `.npy` file that grows batch by batch.
final class NPYStream {
    private let file: FileWriter
    private let count: Int
    private let hasBatchAxis: Bool
    private var sampleShape: Shape?
    private var written = 0

    /// - Parameters:
    ///   - count: how many samples will come.
    ///   - hasBatchAxis: whether the array has an axis that counts them; without it, it has one sample.
    init(_ file: FileWriter, count: Int, hasBatchAxis: Bool) {
        self.file = file
        self.count = count
        self.hasBatchAxis = hasBatchAxis || count != 1
    }

    /// Writes the predictions for some samples, `[samples, ...]`.
    ///
    /// - Throws: `ConvNetError` of kind `file` if they cannot be written, of kind `data` if their shape changes.
    func append(_ batch: Tensor) throws {
        let shape = Shape(Array(batch.shape.dropFirst()))
        try begin(shape)
        guard shape == sampleShape, let samples = batch.shape.first, written + samples <= count else {
            throw ConvNetError(
                .data,
                "The predictions do not fit the array that has been begun",
                expected: "\(count) of \(sampleShape ?? [])",
                received: "\(batch.shape) after \(written)"
            )
        }
        written += samples
        try batch.withUnsafeBufferPointer { try file.write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes what is before the elements, if it is not there.
    func begin(_ shape: Shape) throws {
        guard sampleShape == nil else { return }
        sampleShape = shape
        try file.write(NumPyFile.header(.float32, hasBatchAxis ? shape.batched(count) : shape))
    }
}
