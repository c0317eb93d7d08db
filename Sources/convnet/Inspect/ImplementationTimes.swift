import SwiftConvNet

/// What each implementation of convolutions takes for each layer: why the library's choice is what it is.
struct ImplementationTimes {
    /// By the names of layers: the implementation as plans name it, and its seconds; the fastest first.
    private(set) var layers: [String: [(name: String, seconds: Double)]] = [:]

    /// Profiles the model once for each path.
    ///
    /// - Parameters:
    ///   - compute: how it computes otherwise.
    ///   - console: shows which path is timed.
    ///   - load: loads the model anew, to compute in another way.
    /// - Throws: what `load` throws; as `Model.profile`.
    init(
        batchSize: Int,
        repeats: Int,
        _ compute: ComputeOptions,
        _ console: Console,
        _ load: (ComputeOptions) throws -> Model
    ) throws {
        let paths = [ComputeOptions.ConvolutionPath.direct, .im2col, .winograd2x2, .winograd4x4]
        for (number, path) in paths.enumerated() {
            var options = compute
            options.convolutionPath = path
            let (profile, kinds) = try console.during(
                "Timing convolutions, \(path.rawValue) (\(number + 1) of \(paths.count))"
            ) {
                let model = try load(options)
                return (try model.profile(batchSize: batchSize, repeats: repeats), model.graph.kindsOfNodes)
            }
            for row in profile.rows
            where row.part == .layer && row.forwardSeconds > 0
                && (kinds[row.name] ?? row.kind).contains("Conv")
            {
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
