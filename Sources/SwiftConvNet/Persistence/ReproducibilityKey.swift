import CKernels

/// What the bits of a training run depend on, besides the model, the data and the settings of `fit`: with an equal key,
/// the same run gives the same bits, at any number of threads. Checkpoints and run manifests record it.
public struct ReproducibilityKey: Sendable, Hashable, Codable {
    /// The version of this library.
    public let library: String
    /// The version of OpenBLAS: `0.3.21`.
    public let openBLAS: String
    /// The processor whose OpenBLAS kernels run: `Zen`.
    public let core: String
    /// The vector instructions of the library's own kernels: `AVX2`.
    public let vectors: String
    /// The path of matrix products.
    public let gemmPath: GEMMPath
    /// The path of convolutions that name none themselves.
    public let convolutionPath: ComputeOptions.ConvolutionPath
    /// The largest number of parts in which gradients are added up.
    public let shards: Int
    /// The seed of the model.
    public let seed: UInt64
    /// The samples of one step.
    public let batchSize: Int

    /// The key of a model that is trained in this process.
    public init(_ model: Model, batchSize: Int) {
        library = LibraryVersion.current
        openBLAS = OpenBLAS.version
        core = OpenBLAS.coreName
        vectors = VectorLevel(ck_current_level()).description
        gemmPath = model.options.gemmPath
        convolutionPath = model.options.convolutionPath
        shards = Plan.maximumShardCount
        seed = model.seed
        self.batchSize = batchSize
    }

    /// What differs from another key, one line each: `OpenBLAS core: Zen, then Haswell`. Empty if nothing does.
    ///
    /// - Parameter later: the key of the later run.
    public func differences(to later: ReproducibilityKey) -> [String] {
        func compare(_ name: String, _ first: some Equatable, _ second: some Equatable) -> String? {
            "\(first)" == "\(second)" ? nil : "\(name): \(first), then \(second)"
        }
        return [
            compare("library version", library, later.library),
            compare("OpenBLAS version", openBLAS, later.openBLAS),
            compare("OpenBLAS core", core, later.core),
            compare("vector instructions", vectors, later.vectors),
            compare("path of matrix products", gemmPath, later.gemmPath),
            compare("path of convolutions", convolutionPath, later.convolutionPath),
            compare("shards of gradients", shards, later.shards),
            compare("seed", seed, later.seed),
            compare("batch size", batchSize, later.batchSize),
        ].compactMap { $0 }
    }
}
