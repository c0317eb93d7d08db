import Foundation
import SwiftConvNet

/// The anonymous memory of this process in KiB: what no file stands behind, so that only swapping could free it.
func anonymousSize() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/smaps_rollup", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("Anonymous:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
}

/// Trains a small model on a file of samples of 1 MiB, in shuffled order, and prints the most that each epoch had.
func epochs(of path: String, mebibytes: Int, epochs: Int) throws {
    // The header, and then a hole: zeros that take no room on the disk.
    let header = NumPyFile.header(.float32, [mebibytes, 256, 256, 4])
    try Data(header).write(to: URL(fileURLWithPath: path))
    guard truncate(path, off_t(header.count + mebibytes << 20)) == 0 else {
        throw ConvNetError(.file, "Cannot make the file", at: path)
    }
    let data = try FileDataset(
        FileArray(npy: path),
        Tensor(shape: [mebibytes, 1]) { Float($0[0] % 7) }
    )
    let model = try Sequential(inputShape: [256, 256, 4], seed: 1) {
        GlobalAveragePooling2D()
        Dense(units: 1)
    }
    try model.compile(optimizer: .adam(), loss: .mse())
    // At the end of an epoch what was read ahead is given back; within it nothing is.
    var largest = 0
    let report = LambdaCallback(
        onBatchEnd: { _, _ in largest = max(largest, try anonymousSize()) },
        onEpochEnd: { _, _ in
            print(largest)
            largest = 0
        }
    )
    try model.fit(data, batchSize: 8, epochs: epochs, verbose: .silent, callbacks: [report])
}
