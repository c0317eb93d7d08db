extension FileKind {
    /// What the kind is called: fits after "Received:" and "is".
    package var title: String {
        switch self {
        case .empty: "an empty file"
        case .safetensors: "a safetensors file"
        case .checkpoint: "a checkpoint of this library"
        case .keras: "a Keras file (.keras)"
        case .hdf5: "an HDF5 file (.h5, as Keras writes)"
        case .pyTorch: "a PyTorch file (.pt)"
        case .pickle: "a Python pickle"
        case .onnx: "an ONNX model"
        case .numPyArray: "a NumPy array (.npy)"
        case .numPyArchive: "an archive of NumPy arrays (.npz)"
        case .pgm: "a PGM image"
        case .pbm: "a PBM file, black and white"
        case .ppm: "a PPM file, in colour"
        case .png: "a PNG file"
        case .jpeg: "a JPEG file"
        case .gif: "a GIF file"
        case .bitmap: "a BMP file"
        case .webP: "a WebP file"
        case .tiff: "a TIFF file"
        case .idx: "an IDX file"
        case .zip: "a ZIP archive"
        case .gzip: "gzip data"
        case .bzip2: "bzip2 data"
        case .xz: "xz data"
        case .zstandard: "Zstandard data"
        case .sevenZip: "a 7z archive"
        case .tar: "a tar archive"
        case .gitLFSPointer: "a pointer of git-lfs, not the file itself"
        case .webPage: "a web page (HTML or XML)"
        case .json: "JSON text"
        case .pdf: "a PDF file"
        case .text: "text"
        }
    }

    private var isImage: Bool {
        switch self {
        case .pgm, .pbm, .ppm, .png, .jpeg, .gif, .bitmap, .webP, .tiff: true
        default: false
        }
    }

    /// What to do where a file of the kind `wanted` was to be read.
    func remedy(wanting wanted: FileKind) -> String? {
        switch (self, wanted) {
        case (.empty, _): return "Copy, download or write the file again"
        case (.gitLFSPointer, _): return "Fetch the file itself: git lfs pull"
        case (.webPage, _):
            return
                "A server has sent a page, perhaps an error or a login, in place of the file: download it again"
        case (.gzip, _): return "Unpack it first: gunzip FILE.gz"
        case (.bzip2, _), (.xz, _), (.zstandard, _), (.sevenZip, _), (.tar, _), (.zip, _):
            return "Unpack it first, and name the file inside"
        case (.keras, .safetensors), (.hdf5, .safetensors):
            return """
                Load it by Model.load(fromKeras:), or its weights by loadKerasWeights(from:), of the product ConvNetInterop \
                with the traits HDF5 and Zip
                """
        case (.pyTorch, .safetensors):
            return """
                Load the weights of its state_dict into a model by loadPyTorchWeights(from:), of the product ConvNetInterop \
                with the trait Zip
                """
        case (.onnx, .safetensors): return "Load it by Model.load(onnx:), of the product ConvNetInterop"
        case (.pickle, .safetensors), (.numPyArray, .safetensors), (.numPyArchive, .safetensors):
            return """
                Write the arrays in Python by safetensors.numpy.save_file(arrays, "weights.safetensors"), \
                where arrays is a dictionary by name
                """
        case (.checkpoint, .safetensors):
            return "Resume the run by fit(checkpoint:at:resume:), and save the model then"
        case (.safetensors, .checkpoint): return "Load a model by Model.load(from:)"
        case (.numPyArchive, .idx), (.numPyArray, .idx):
            return "Name the files in the IDX format, in which MNIST is published"
        case (.numPyArchive, .numPyArray):
            return "Open it by NumPyArchive(contentsOf:) of the product ConvNetInterop with the trait Zip"
        case (_, .pgm) where isImage:
            return "Convert it, for example with ImageMagick: magick FILE -colorspace Gray digit.pgm"
        default: return nil
        }
    }

    /// The error of a reader of files of the kind `wanted` that got a file which begins with `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the first `prefixLength` bytes of the file, or all if there are fewer.
    ///   - path: what errors call the file.
    ///   - expected: how a file of the kind begins.
    /// - Returns: `nil` if the kind is not known, or is the one that was wanted: then the file is damaged.
    package static func mismatch(
        _ wanted: FileKind,
        _ bytes: some Sequence<UInt8>,
        at path: String,
        expected: String
    ) -> ConvNetError? {
        guard let kind = FileKind(firstBytes: bytes), kind != wanted else { return nil }
        return ConvNetError(
            .format,
            "The file is not \(wanted.title)",
            at: "\(path), byte 0",
            expected: expected,
            received: kind.title,
            remedy: kind.remedy(wanting: wanted)
        )
    }
}
