import SwiftConvNet

/// What `torch.save` has written since version 1.6: a ZIP archive with a pickle that names tensors, and a file for the elements of each
/// storage (`torch/serialization.py`, `_save`).
struct PyTorchArchive: Sendable {
    /// A tensor and its name.
    struct Entry: Sendable {
        let name: String
        let tensor: PyTorchTensor
    }

    private let archive: ZipArchive
    /// The folder that all files of the archive lie in, with its slash: the name of the file that was written.
    private let folder: String
    /// In the order of the dictionary.
    let entries: [Entry]

    private static let pickle = "data.pkl"

    /// - Parameter dictionary: the key of the dictionary of tensors; `nil` if the file is that.
    /// - Throws: `ConvNetError` of kind `format` if the archive is none of PyTorch's, or holds something besides tensors.
    init(_ archive: ZipArchive, dictionary: String?) throws {
        self.archive = archive
        let path = archive.path
        let pickles = archive.names.filter { $0 == Self.pickle || $0.hasSuffix("/" + Self.pickle) }
        guard pickles.count == 1, let name = pickles.first else {
            throw ConvNetError(
                .format,
                "The archive is none of PyTorch's",
                at: path,
                expected: "one file data.pkl, in a folder",
                received: archive.names.prefix(8).joined(separator: ", ")
            )
        }
        folder = String(name.dropLast(Self.pickle.count))
        if archive.contains(folder + "constants.pkl") {
            throw ConvNetError(
                .format,
                "The file is a program of TorchScript, not the arrays of a model",
                at: path,
                expected: "what torch.save(model.state_dict(), path) writes",
                remedy: PyTorchFile.conversion
            )
        }
        if archive.contains(folder + "byteorder") {
            let order = try archive.contents(of: folder + "byteorder")
            guard order.elementsEqual("little".utf8) else {
                throw ConvNetError(
                    .format,
                    "The file has the order of bytes of another machine",
                    at: "\(path), \(folder)byteorder",
                    expected: "little",
                    received: String(decoding: order.prefix(16), as: UTF8.self)
                )
            }
        }
        var reader = try PickleReader(archive.contents(of: name), path: "\(path), \(name)")
        let root = try reader.read()
        entries = try reader.entries(of: root, key: dictionary)
    }

    /// The elements of a tensor.
    ///
    /// - Throws: `ConvNetError` of kind `format` if its storage is missing, damaged or of another size; of kind `environment` if there is
    ///   not enough memory.
    func tensor(_ tensor: PyTorchTensor) throws -> Tensor {
        let storage = tensor.storage, type = storage.type, file = "\(folder)data/\(storage.key)"
        let bytes = try archive.contents(of: file), size = type.bitCount / 8
        guard bytes.count / size == storage.count, bytes.count.isMultiple(of: size) else {
            throw ConvNetError(
                .format,
                "The elements of a tensor have another size than the file says",
                at: "\(archive.path), \(file)",
                expected: "\(storage.count) elements of \(size) bytes",
                received: "\(bytes.count) bytes"
            )
        }
        return try Tensor(shape: tensor.shape) { destination in
            bytes.withUnsafeBytes { bytes in
                if tensor.isContiguous {
                    PyTorchElements.copy(type, bytes, from: tensor.offset, into: destination)
                } else {
                    PyTorchElements.gather(
                        type,
                        bytes,
                        from: tensor.offset,
                        tensor.shape,
                        strides: tensor.strides,
                        into: destination
                    )
                }
            }
        }
    }
}

extension PyTorchTensor {
    /// Whether the elements stand one after the other.
    fileprivate var isContiguous: Bool {
        if shape.contains(0) { return false }
        var step = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if stride != step { return false }
            step *= size
        }
        return true
    }
}

extension PickleReader {
    /// The tensors of a dictionary by their names, in its order. What is no tensor there is left out.
    ///
    /// - Parameter key: where the dictionary stands in the one that the file is; `nil` if it is that one.
    fileprivate func entries(of root: PickleValue, key: String?) throws -> [PyTorchArchive.Entry] {
        guard let outer = pairs(of: root) else {
            throw failure(
                "The file holds no dictionary of tensors",
                expected: "what torch.save(model.state_dict(), path) writes"
            )
        }
        let inner = dictionariesOfTensors(in: outer)
        var chosen = outer
        if let key {
            guard let found = outer.first(where: { $0.key == key }).flatMap({ pairs(of: $0.value) })
            else {
                throw failure(
                    "The file has no such dictionary",
                    expected: inner.isEmpty ? "none: leave dictionary out" : Self.list(inner),
                    received: "\"\(key)\""
                )
            }
            chosen = found
        }
        let entries = chosen.compactMap { key, value -> PyTorchArchive.Entry? in
            guard case .tensor(let place) = value else { return nil }
            return PyTorchArchive.Entry(name: key, tensor: tensors[place])
        }
        guard !entries.isEmpty || inner.isEmpty || key != nil else {
            throw failure(
                "The file holds dictionaries, and no tensors beside them",
                expected: "the key of one of them, as dictionary in the options: \(Self.list(inner))"
            )
        }
        var names = Set<String>()
        if let twice = entries.first(where: { !names.insert($0.name).inserted }) {
            throw failure("The file has two tensors of one name", received: "\"\(twice.name)\"")
        }
        return entries
    }

    /// The keys of the dictionaries that have tensors. One that stands under several keys is looked at once, so that the time grows no faster
    /// than the file.
    private func dictionariesOfTensors(in outer: [(key: String, value: PickleValue)]) -> [String] {
        var seen = Set<Int>()
        return outer.compactMap { key, value in
            guard case .container(let place) = value, seen.insert(place).inserted,
                pairs(of: value)?.contains(where: { isTensor($0.value) }) ?? false
            else { return nil }
            return key
        }
    }

    /// What stands under texts in a dictionary; `nil` if the value is none.
    private func pairs(of value: PickleValue) -> [(key: String, value: PickleValue)]? {
        guard isContainer(value, .dictionary), case .container(let place) = value else { return nil }
        let items = containers[place].items
        return stride(from: 0, to: items.count - 1, by: 2).compactMap { index in
            guard case .text(let key) = items[index] else { return nil }
            return (key, items[index + 1])
        }
    }

    private func isTensor(_ value: PickleValue) -> Bool {
        if case .tensor = value { true } else { false }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
