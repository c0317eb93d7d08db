import SwiftConvNet

/// A value that a pickle makes. Containers, storages and tensors stand in the reader's tables: no value holds another, so that nothing
/// is deep, and nothing is a cycle.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case global(PickleGlobal)
    /// An index into `PickleReader.containers`.
    case container(Int)
    /// An index into `PickleReader.storages`.
    case storage(Int)
    /// An index into `PickleReader.tensors`.
    case tensor(Int)
}

/// A tuple, a list or a dictionary.
struct PickleContainer {
    enum Kind { case tuple, list, dictionary }

    let kind: Kind
    /// A dictionary's are its keys and values in turn.
    var items: [PickleValue] = []
}

/// What a pickle may name. Nothing else is known, and none of it runs code of Python.
enum PickleGlobal: Hashable {
    /// `collections.OrderedDict`.
    case orderedDictionary
    /// `torch._utils._rebuild_tensor_v2`: a tensor of a storage, an offset, sizes and strides.
    case rebuildTensor
    /// `torch._utils._rebuild_parameter`: a tensor that learns.
    case rebuildParameter
    /// Such as `torch.FloatStorage`: elements of a type.
    case storage(SafeTensors.ElementType)

    /// The classes of storages that PyTorch's files name (`torch/storage.py`, `_dtype_to_storage_type_map`), as far as their elements
    /// are numbers.
    private static let storages: [String: SafeTensors.ElementType] = [
        "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
        "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16,
        "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    ]

    /// What a module's name stands for; `nil` if it may not be named.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", _):
            guard let type = Self.storages[name] else { return nil }
            self = .storage(type)
        default: return nil
        }
    }
}

/// The elements of tensors, in a file of the archive.
struct PyTorchStorage {
    /// The name of the file: `data/KEY`.
    let key: String
    let type: SafeTensors.ElementType
    /// The number of elements, as the pickle claims it.
    let count: Int
}

/// A tensor: some elements of a storage. All of them lie within the elements that the storage claims.
struct PyTorchTensor {
    let storage: PyTorchStorage
    let offset: Int
    let shape: Shape
    let strides: [Int]
}
