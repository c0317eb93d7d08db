import SwiftConvNet

/// What each implementation of convolutions takes for each layer: why the library's choice is what it is.
struct ImplementationTimes {
    /// By the names of layers: the implementation as plans name it, and its seconds; the fastest first.
    private(set) var layers: [String: [(name: String, seconds: Double)]] = [:]

    /// Profiles the model once for each path.
    ///
    /// - Parameters:
    ///   - load: loads the model anew, to compute in another way.
    ///   - compute: how it computes otherwise.
    /// - Throws: what `load` throws; as `Model.profile`.
    init(batchSize: Int, repeats: Int, _ compute: ComputeOptions, _ load: (ComputeOptions) throws -> Model)
        throws
    {
        for path in [ComputeOptions.ConvolutionPath.direct, .im2col, .winograd2x2, .winograd4x4] {
            var options = compute
            options.convolutionPath = path
            for row in try load(options).profile(batchSize: batchSize, repeats: repeats).rows
            where row.part == .layer && row.kind.contains("Conv") && row.forwardSeconds > 0 {
                // Where a path does not suit, the layer is computed by another one, which has its own turn.
                let known = layers[row.name, default: []]
                if known.contains(where: { $0.name == row.implementation }) { continue }
                let own = (name: row.implementation, seconds: row.forwardSeconds)
                layers[row.name] = (known + [own]).sorted { $0.seconds < $1.seconds }
            }
        }
    }

    /// The alternatives of a layer for people: `direct 0.12 ms, im2col, openBLAS 0.31 ms`.
    func text(ofLayer name: String) -> String? {
        layers[name].map { list in
            list.map { "\($0.name) \(Difference.text($0.seconds * 1000)) ms" }.joined(separator: "; ")
        }
    }
}
