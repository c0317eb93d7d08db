import ConvNetImages
import Foundation
import SwiftConvNet

/// The content of some files of one kind.
struct PictureFiles {
    enum Kind: String, CaseIterable {
        case jpeg = "JPEG"
        case png = "PNG"

        /// The bytes that such a file begins with.
        var magic: [UInt8] {
            switch self {
            case .jpeg: [0xFF, 0xD8]
            case .png: [0x89, 0x50, 0x4E, 0x47]
            }
        }
    }

    /// As many stay in a processor's cache, or nearly; more would say nothing else.
    static let limit = 256

    let kind: Kind
    let contents: [[UInt8]]

    /// What is in a folder, a list for each kind that it has: the first files of that kind, `limit` at most.
    ///
    /// - Throws: `ConvNetError` if the folder holds no pictures; what reading a file throws.
    static func inFolder(_ folder: String) throws -> [PictureFiles] {
        var found: [Kind: [[UInt8]]] = [:]
        for path in try ImageFolder(folder, options: .init(check: .none)).paths {
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
            guard let kind = Kind.allCases.first(where: { bytes.starts(with: $0.magic) }) else { continue }
            if found[kind, default: []].count < limit { found[kind, default: []].append(bytes) }
            if Kind.allCases.allSatisfy({ found[$0]?.count == limit }) { break }
        }
        return Kind.allCases.compactMap { kind in
            found[kind].map { PictureFiles(kind: kind, contents: $0) }
        }
    }
}
