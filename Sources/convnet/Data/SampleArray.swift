import ConvNetInterop
import SwiftConvNet

/// An array whose samples are read one by one: from its file, or from memory.
enum SampleArray: Sendable {
    case file(FileArray)
    case memory(Tensor)

    /// The array in a `.npy` file, which stays in its file if samples lie there in one piece.
    ///
    /// - Parameter scale: what every element is multiplied with.
    /// - Throws: as `NumPyFile(contentsOf:)`.
    init(npy path: String, scale: Float = 1) throws {
        let file = try NumPyFile(contentsOf: path)
        if file.shape.rank == 0 || file.isFortranOrder && file.shape.rank > 1 {
            self = .memory(scale == 1 ? try file.tensor : try file.tensor * scale)
        } else {
            self = .file(try FileArray(npy: path, scale: scale))
        }
    }

    /// The arrays of a `.npy` file, which has no names, or of a `.npz` archive, by their names.
    ///
    /// - Parameter scale: what every element is multiplied with.
    static func arrays(of path: NamedPath, scale: Float = 1) throws -> [(name: String?, array: SampleArray)] {
        guard path.ending == "npz" else {
            return [(path.name, try SampleArray(npy: path.path, scale: scale))]
        }
        let archive = try NumPyArchive(contentsOf: path.path)
        return try archive.names.map { name in
            let tensor = try archive[name].tensor
            return (name, .memory(scale == 1 ? tensor : tensor * scale))
        }
    }

    /// The sizes of all axes.
    var shape: Shape {
        switch self {
        case .file(let array): array.shape
        case .memory(let tensor): tensor.shape
        }
    }

    /// All elements.
    ///
    /// - Throws: `ConvNetError` of kind `file` if they cannot be read, of kind `environment` if there is not enough memory.
    var tensor: Tensor {
        get throws {
            switch self {
            case .memory(let tensor): return tensor
            case .file(let array): return try samples(0..<array.count)
            }
        }
    }

    /// Some of the samples, which must be there.
    func samples(_ range: Range<Int>) throws -> Tensor {
        switch self {
        case .memory(let tensor): return try tensor.sliced(range)
        case .file(let array):
            let length = array.sampleShape.elementCount
            return try Tensor(shape: array.sampleShape.batched(range.count)) { values in
                for (place, sample) in range.enumerated() {
                    let part = values[(place * length)..<((place + 1) * length)]
                    try array.read(sample, into: UnsafeMutableBufferPointer(rebasing: part))
                }
            }
        }
    }

    /// Writes sample `index`, which must be there, to as many places as it has elements.
    func read(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        switch self {
        case .file(let array): try array.read(index, into: destination)
        case .memory(let tensor):
            let length = destination.count
            tensor.withUnsafeBufferPointer {
                _ = destination.update(fromContentsOf: $0[(index * length)..<((index + 1) * length)])
            }
        }
    }
}
