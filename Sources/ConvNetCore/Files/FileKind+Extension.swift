extension FileKind {
    /// The kind whose files have names that end in this, without the dot and in lower case.
    ///
    /// Endings that several programs use in their own ways, such as `bin` and `ckpt`, are nobody's.
    private init?(ending: Substring) {
        switch ending {
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
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."),
            let kind = FileKind(ending: Substring(name[dot...].dropFirst().lowercased()))
        else { return }
        throw ConvNetError(
            .argument,
            "The name promises another format than the one that is written",
            at: path,
            expected: "a name that ends in .safetensors, or has no ending that belongs to another format",
            received: "\(name[dot...]), the ending of \(kind.title)",
            remedy:
                "Name the file \(name[..<dot]).safetensors; this library writes no other format for models"
        )
    }
}
