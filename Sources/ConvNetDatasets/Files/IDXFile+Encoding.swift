import SwiftConvNet

extension IDXFile {
    /// The content of the file without compression: header and elements.
    package var encoded: [UInt8] { header + bytes }

    /// The SHA-256 of the content without compression.
    var digest: SHA256.Digest {
        var hash = SHA256()
        hash.update(header)
        hash.update(bytes)
        return hash.digest
    }

    /// Some of the samples, which the first axis counts.
    package func samples(_ range: some RangeExpression<Int>) -> IDXFile {
        let range = range.relative(to: 0..<shape[0])
        let stride = bytes.count / max(shape[0], 1)
        return IDXFile(
            elementType: elementType,
            shape: Shape([range.count] + shape.dropFirst()),
            bytes: Array(bytes[(range.lowerBound * stride)..<(range.upperBound * stride)]),
            name: name
        )
    }

    private var header: [UInt8] {
        [0, 0, elementType.rawValue, UInt8(shape.rank)]
            + shape.flatMap { size in
                stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: size >> $0) }
            }
    }

    /// An array of elements that are in `bytes` as a file has them.
    package init(elementType: ElementType, shape: Shape, bytes: [UInt8], name: String) {
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
        self.name = name
    }
}
