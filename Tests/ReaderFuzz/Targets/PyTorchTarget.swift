#if Zip

    import ConvNetInterop
    import SwiftConvNet
    import TestSupport

    /// What `torch.save` writes: a pickle in an archive, beside the elements of tensors.
    struct PyTorchTarget: FuzzTarget {
        static let name = "pytorch"

        let seeds: [[UInt8]]
        let words = [
            "../", "data/0", "data.pkl", "byteorder", "little", "cpu", "storage", "FloatStorage",
            "DoubleStorage",
            "ctorch._utils\n_rebuild_tensor_v2\n", "ccollections\nOrderedDict\n", "cos\nsystem\n",
            "\u{2}K\u{1}", "((((((((",
            "}q\0", "h\0", "t", "R", "Q", "e", "u", "b", ".",
        ]

        /// As for other archives.
        let allowance = 4 << 20

        init() throws {
            seeds = try ["pytorch-tiny.pt", "pytorch-types.pt", "pytorch-checkpoint.pt"].map {
                try FileContents.read(Golden.folder.appendingPathComponent($0).path, limit: 1 << 16)
            }
        }

        func repair(_ input: inout [UInt8], _ random: inout Randomness) { ZipRepair.mend(&input) }
        func contentSize(_ input: [UInt8]) -> Int { ZipRepair.contentSize(input) }

        func read(_ input: [UInt8]) throws {
            // A checkpoint has its dictionary under a key; mutations that change no length leave both kinds with theirs.
            let isCheckpoint = input.count == seeds[2].count
            let file = try PyTorchFile(bytes: input, path: "input", dictionary: isCheckpoint ? "model" : nil)
            for entry in file.entries where entry.shape.elementCount <= 1 << 20 {
                try require(
                    try file.tensor(named: entry.name).shape == entry.shape,
                    "elements fill the shape"
                )
            }
        }
    }

#endif
