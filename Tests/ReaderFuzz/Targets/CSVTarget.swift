import SwiftConvNet
import TestSupport

/// The log of epochs that a training is to go on with.
struct CSVTarget: FuzzTarget {
    static let name = "csv"

    let seeds = [
        "epoch,accuracy,loss\n1,0.5,1.25\n2,0.75,NA\n", "epoch,loss", "", "\n\n",
        "epoch,accuracy,loss,lr\r\n",
    ].map { Array($0.utf8) }
    let words = [",", "\n", "\r\n", "epoch", "loss", "accuracy", "\u{2028}", "\"", "NA"]

    private let folder: TemporaryFolder
    private let model: Sequential
    private let data: ArrayDataset

    init() throws {
        folder = try TemporaryFolder()
        model = try Sequential(
            inputShape: [1],
            layers: [Dense(units: 1)],
            options: ComputeOptions(threads: 1)
        )
        try model.compile(optimizer: .sgd(), loss: .meanSquaredError())
        let one = try Tensor(shape: [1, 1], repeating: 1)
        data = try ArrayDataset(one, one)
    }

    /// Gives the file a header that fits the training.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        input = Array("epoch,loss".utf8) + input.drop { $0 != UInt8(ascii: "\n") }
    }

    func read(_ input: [UInt8]) throws {
        let path = folder.file("log.csv")
        try AtomicFile.write(input, to: path)
        try model.fit(data, verbose: .silent, callbacks: [CSVLogger(path, append: true)])
        let log = try FileContents.read(path, limit: 1 << 30)
        try require(log.count > input.count, "a row is added")
    }
}
