import SwiftConvNet

/// The records of one of CIFAR's binary files: a label or two, and 32×32 pixels as planes of red, green and blue.
///
/// Source of the form: https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
struct CIFARRecords {
    private static let side = 32, channels = 3
    private static let planeSize = side * side

    /// What errors call the file.
    private let name: String
    /// The images `[images, height: 32, width: 32, channels: 3]`.
    let pixels: [UInt8]
    /// The label of each image.
    let labels: [Int32]
    /// The SHA-256 of the file.
    let digest: SHA256.Digest

    /// Decodes the content of a file.
    ///
    /// - Throws: `ConvNetError` of kind `format` if it is not a whole number of records, and at least one; of kind `data` if
    ///   a label is not in `0..<classCount`; of kind `environment` if there is not enough memory.
    init(_ bytes: [UInt8], labelCount: Int, labelIndex: Int, classCount: Int, name: String) throws {
        let imageSize = Self.planeSize * Self.channels
        let size = labelCount + imageSize
        guard !bytes.isEmpty, bytes.count.isMultiple(of: size) else {
            let expected =
                "one or more records of \(size) bytes, \(labelCount) for labels and 3072 for pixels"
            throw ConvNetError(
                .format,
                "The file is not made of whole records",
                at: name,
                expected: expected,
                received: "\(bytes.count) bytes"
            )
        }
        self.name = name
        let count = bytes.count / size
        try MemoryCheck.require(count * (imageSize + MemoryLayout<Int32>.stride), for: name)
        labels = (0..<count).map { Int32(bytes[$0 * size + labelIndex]) }
        if let odd = labels.firstIndex(where: { $0 >= classCount }) {
            throw ConvNetError(
                .data,
                "A label is out of range",
                at: "\(name), byte \(odd * size + labelIndex)",
                expected: "a class in 0..<\(classCount)",
                received: "\(labels[odd])"
            )
        }
        pixels = [UInt8](unsafeUninitializedCapacity: count * imageSize) { pixels, filled in
            bytes.withUnsafeBufferPointer { source in
                for image in 0..<count {
                    for channel in 0..<Self.channels {
                        let plane = image * size + labelCount + channel * Self.planeSize
                        let first = image * imageSize + channel
                        for place in 0..<Self.planeSize {
                            pixels[first + place * Self.channels] = source[plane + place]
                        }
                    }
                }
            }
            filled = count * imageSize
        }
        digest = SHA256.hash(bytes)
    }

    /// The images of several files, one after another.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    static func joined(_ parts: [CIFARRecords], classNames: [String]) throws -> ArrayDataset {
        var pixels = parts.first?.pixels ?? [], labels = parts.first?.labels ?? []
        if parts.count > 1 {
            let count = parts.reduce(0) { $0 + $1.labels.count }
            let size = planeSize * channels + MemoryLayout<Int32>.stride
            try MemoryCheck.require(count * size, for: parts.map(\.name).joined(separator: ", "))
            pixels.reserveCapacity(count * planeSize * channels)
            labels.reserveCapacity(count)
            for part in parts.dropFirst() {
                pixels += part.pixels
                labels += part.labels
            }
        }
        var data = try ArrayDataset(
            ByteTensor(pixels, shape: [labels.count, side, side, channels]),
            Labels(labels)
        )
        data.classNames = classNames
        return data
    }
}
