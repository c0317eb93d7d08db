#if Zip

    import ConvNetInterop
    import SwiftConvNet
    import TestSupport

    /// Archives of NumPy arrays, and with them ZIP archives.
    struct NPZTarget: FuzzTarget {
        static let name = "npz"

        let seeds: [[UInt8]]
        let words = [
            "../", "/", "..", "\\", "C:", "a.npy", ".npy", "PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}",
            "\0",
        ]
        /// libzip makes room for as many files as the end of an archive claims: 65,535 at most, 32 bytes each.
        let allowance = 4 << 20

        init() throws {
            let arrays: [(name: String, bytes: [UInt8])] = [
                ("a.npy", NumPyFile.header(.float32, [2, 3]) + noise(24)),
                ("folder/b.npy", NumPyFile.header(.int64, [300]) + [UInt8](repeating: 3, count: 2400)),
            ]
            seeds = [
                try ZipWriter.archive(arrays), try ZipWriter.archive(arrays, compresses: true),
                try ZipWriter.archive([("empty.npy", NumPyFile.header(.uint8, [0]))]),
                try ZipWriter.archive(
                    [
                        (
                            "zeros.npy",
                            NumPyFile.header(.uint8, [100_000]) + [UInt8](repeating: 0, count: 100_000)
                        )
                    ],
                    compresses: true
                ),
            ]
        }

        func repair(_ input: inout [UInt8], _ random: inout Randomness) { ZipRepair.mend(&input) }
        func contentSize(_ input: [UInt8]) -> Int { ZipRepair.contentSize(input) }

        func read(_ input: [UInt8]) throws {
            let archive = try ZipArchive(bytes: input, path: "input")
            for name in archive.names {
                let parts = name.split(separator: "/", omittingEmptySubsequences: false)
                try require(!parts.contains("..") && parts.first != "", "names stay inside")
            }
            let arrays = try NumPyArchive(bytes: input, path: "input")
            for name in arrays.names {
                let file = try arrays[name]
                try require(try file.tensor.shape == file.shape, "elements fill the shape")
            }
        }
    }

#endif

#if HDF5

    import ConvNetInterop
    import Foundation
    import SwiftConvNet
    import TestSupport

    /// Files of the hierarchical data format: groups, arrays, words.
    struct HDF5Target: FuzzTarget {
        static let name = "hdf5"

        let seeds: [[UInt8]]
        let words = ["TREE", "SNOD", "HEAP", "GCOL", "\u{89}HDF", "name", "vars/0", "\0\0\0\0"]
        let allowance = 4 << 20

        init() throws {
            var writer = HDF5Writer()
            writer.addGroup("layers/dense/vars", name: "dense")
            writer.add(try Tensor(zeros: [3, 4]), at: "layers/dense/vars/0")
            writer.add(-7, at: "optimizer/vars/0")
            // What h5py writes: words of variable length, chunks.
            let path = Golden.folder.appendingPathComponent("keras-tiny.h5").path
            seeds = [try writer.file(), try FileContents.read(path, limit: 1 << 16)]
        }

        /// Gives the superblock the size of the file.
        func repair(_ input: inout [UInt8], _ random: inout Randomness) {
            guard input.count > 48 else { return }
            withUnsafeBytes(of: UInt64(input.count).littleEndian) { input.replaceSubrange(40..<48, with: $0) }
        }

        func read(_ input: [UInt8]) throws {
            let file = try HDF5File(bytes: input, path: "input")
            for (name, dataset) in file.datasets {
                try require(try file.tensor(name).shape == dataset.shape, "elements fill the shape")
            }
            for group in file.groups.keys {
                for attribute in ["name", "layer_names", "weight_names", "model_config", "keras_version"] {
                    _ = try file.strings(attribute, of: group)
                }
            }
        }
    }

#endif

#if HDF5 && Zip

    /// Keras' models: what is loaded predicts, unless it is too large for that here.
    struct KerasTarget: FuzzTarget {
        static let name = "keras"

        let seeds: [[UInt8]]
        let words = [
            "Dense", "Conv2D", "Lambda", "Sequential", "Functional", "InputLayer", "BatchNormalization",
            "Dropout",
            "\"class_name\":", "\"config\":", "\"units\":", "\"batch_shape\":", "\"inbound_nodes\":", "null",
            "true",
            "[[[[[[[[", "{\"a\":", "\\ud800", "]", "}", ",", "1e999", "__keras_tensor__",
            "\"keras_history\":",
            "model.weights.h5", "config.json",
        ]
        let allowance = 48 << 20
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            let path = Golden.folder.appendingPathComponent("keras-tiny.h5").path
            let model = try Model.load(fromKeras: path)
            try model.save(toKeras: folder.file("a.keras"))
            seeds = [
                try FileContents.read(folder.file("a.keras"), limit: 1 << 17),
                try FileContents.read(path, limit: 1 << 17),
            ]
        }

        func repair(_ input: inout [UInt8], _ random: inout Randomness) { ZipRepair.mend(&input) }
        func contentSize(_ input: [UInt8]) -> Int { ZipRepair.contentSize(input) }

        func read(_ input: [UInt8]) throws {
            let path = folder.file("input")
            guard FileManager.default.createFile(atPath: path, contents: Data(input)) else { return }
            let model = try KerasFile(contentsOf: path).model
            let size = model.graph.nodes.reduce(0.0) {
                $0 + $1.outputShapes.reduce(0.0) { $0 + Double($1.elementCount) }
            }
            guard !(16_384...1e13).contains(size), model.inputShapes.count == 1 else { return }
            _ = try model.predict(Tensor(shape: model.inputShape.batched(1), repeating: 0.5))
        }
    }

#endif
