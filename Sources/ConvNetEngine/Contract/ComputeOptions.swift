/// How to compute: choices that change speed, and results only by rounding.
public struct ComputeOptions: Sendable, Hashable {
    /// How a convolution is computed. A model's path is for the layers that it suits, and the others take `im2col`; a path
    /// that a layer names itself has to suit it.
    public enum ConvolutionPath: String, Sendable, Hashable, Codable, CaseIterable {
        /// The library chooses, by shapes and batch size; with a `gemmPath` other than OpenBLAS never `direct`, so that
        /// the path of matrix products is seen at work.
        case automatic
        /// Windows are copied to the rows of a matrix, a block of rows at a time, and multiplied with the weights.
        case im2col
        /// Winograd's minimal filtering in tiles of 2×2 outputs, F(2×2, 3×3): 2.25 times fewer multiplications. For
        /// images with windows of 3×3 and stride 1, without dilation and groups.
        case winograd2x2
        /// The same in tiles of 4×4 outputs, F(4×4, 3×3): 4 times fewer multiplications.
        case winograd4x4
        /// Straight from the image, with blocks of the output in registers; for sequences and images, in one group or in
        /// a group for each channel (depthwise).
        case direct
        /// The plain loops of the definition: slow, and the measure of the others.
        case naive
    }

    /// The number of workers, the calling thread among them; `nil` for the environment variable
    /// `SWIFTCONVNET_NUM_THREADS`, or else the processors available to this process. Results do not depend on it.
    public var threads: Int?
    /// The path of matrix products.
    public var gemmPath: GEMMPath
    /// The path of convolutions that name none themselves.
    public var convolutionPath: ConvolutionPath

    /// The defaults suit nearly everyone: all processors, OpenBLAS, paths chosen by the library.
    public init(
        threads: Int? = nil,
        gemmPath: GEMMPath = .openBLAS,
        convolutionPath: ConvolutionPath = .automatic
    ) {
        self.threads = threads
        self.gemmPath = gemmPath
        self.convolutionPath = convolutionPath
    }
}
