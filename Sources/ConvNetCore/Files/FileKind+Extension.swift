extension FileKind {
    /// The kind whose files have names that end so; `nil` for a safetensors file, and for no ending.
    ///
    /// Endings that several programs use in their own ways, such as `bin` and `ckpt`, are nobody's. Case does not count.
    package init?(endingOf path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[dot...].dropFirst().lowercased() {
        case "keras": self = .keras
        case "h5", "hdf5": self = .hdf5
        case "pt", "pth": self = .pyTorch
        case "pkl", "pickle": self = .pickle
        case "onnx": self = .onnx
        case "npy": self = .numPyArray
        case "npz": self = .numPyArchive
        case "zip": self = .zip
        case "gz": self = .gzip
        case "json": self = .json
        default: return nil
        }
    }

    /// Checks that a safetensors file may be written at `path`: not under a name that promises another format, for
    /// the programs that such a name is for could not read it.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    package static func checkNameOfSafeTensors(_ path: String) throws {
        guard let kind = FileKind(endingOf: path) else { return }
        let name = path.split(separator: "/").last ?? "", dot = name.lastIndex(of: ".") ?? name.endIndex
        throw ConvNetError(
            .argument,
            "The name promises another format than the one that is written",
            at: path,
            expected: "a name that ends in .safetensors, or has no ending that belongs to another format",
            received: "\(name[dot...]), the ending of \(kind.title)",
            remedy: """
                Name the file \(name[..<dot]).safetensors; the product ConvNetInterop writes ONNX and Keras files by the same call, \
                Model.save(to:)
                """
        )
    }
}
