/// A reader, and what is needed to feed it broken files.
protocol FuzzTarget {
    /// What the command line calls it.
    static var name: String { get }

    init() throws

    /// Small files that are whole, from which broken ones are made.
    var seeds: [[UInt8]] { get }

    /// Words of the format, which mutations put anywhere.
    var words: [String] { get }

    /// Mends checksums, lengths and the like, so that the input gets past the checks which random changes fail.
    func repair(_ input: inout [UInt8], _ random: inout Randomness)

    /// The size that the content of an input has when it is not compressed, as far as it is whole.
    func contentSize(_ input: [UInt8]) -> Int

    /// The bytes that a reader may allocate beyond a multiple of the content.
    var allowance: Int { get }

    /// Reads an input, and uses what comes of it.
    func read(_ input: [UInt8]) throws
}

extension FuzzTarget {
    var words: [String] { [] }
    func contentSize(_ input: [UInt8]) -> Int { input.count }
    var allowance: Int { 1 << 20 }
}

/// All readers.
var fuzzTargets: [any FuzzTarget.Type] {
    var targets: [any FuzzTarget.Type] = [
        IDXTarget.self, GzipTarget.self, PGMTarget.self, SafeTensorsTarget.self, ModelTarget.self,
        CSVTarget.self, CheckpointTarget.self, BMPTarget.self, PPMTarget.self,
        PictureListTarget.self, NPYTarget.self, TableTarget.self, TarTarget.self, ONNXTarget.self,
    ]
    #if Images
        targets += [PNGTarget.self, JPEGTarget.self] as [any FuzzTarget.Type]
    #endif
    #if Zip
        targets += [NPZTarget.self, PyTorchTarget.self] as [any FuzzTarget.Type]
    #endif
    #if HDF5
        targets.append(HDF5Target.self)
    #endif
    #if HDF5 && Zip
        targets.append(KerasTarget.self)
    #endif
    return targets
}
