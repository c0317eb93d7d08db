import BenchmarkCore
import SwiftConvNet

/// Every convolution path on the shapes of known networks.
struct ConvolutionBenchmark {
    let effort: Effort
    var batch = 32

    private let automatic = ComputeOptions.ConvolutionPath.automatic

    func section() throws -> ReportSection {
        var section = ReportSection(
            name: "conv",
            title: "Convolutions by path",
            rowTitle: "shape",
            charted: .gigaflops,
            notes: [
                "\(effort.note), three times, batch \(batch)",
                "effective rate: 2 · outputs · window · channels operations, twice or three times for both passes, "
                    + "whatever a path really computes",
                "* is the path that the library chooses; - does not apply"
                    + (effort.isFull ? "" : ", or takes long (naive, --full)"),
                "fwd: one pass of inference, what depends on the weights alone made before; fwd, new weights: with that; "
                    + "fwd+bwd: of a training step, with the gradient of the input unless it is a picture",
            ]
        )
        let shapes = ConvolutionShape.common + ConvolutionShape.cifar
        for shape in effort.isQuick ? [shapes[1]] : shapes {
            section.figures += try figures(shape)
        }
        return section
    }

    private func figures(_ shape: ConvolutionShape) throws -> [Figure] {
        let forward = shape.forwardOperations(batch: batch), both = shape.trainingOperations(batch: batch)
        let inference = try timings(shape, .inference)
        let training = try timings(shape, .training)
        var figures = row("\(shape.description) | fwd", forward, inference) { $0.forward }
        if training.contains(where: { $0.path.rawValue.hasPrefix("winograd") && !$0.timings.isEmpty }) {
            figures += row("\(shape.description) | fwd, new weights", forward, training) { $0.forward }
        }
        return figures + row("\(shape.description) | fwd+bwd", both, training) { $0.both }
    }

    private typealias Timings = [(
        path: ComputeOptions.ConvolutionPath, timings: [SingleConvolution.Timing]
    )]

    /// The timings of each path, `automatic` first; none for those that do not apply or take too long.
    private func timings(_ shape: ConvolutionShape, _ mode: Site.Mode) throws -> Timings {
        var seen = Set<String>()
        let others = ComputeOptions.ConvolutionPath.allCases.filter { $0 != automatic }
        return try ([automatic] + others).map { path in
            guard path != .naive || effort.isFull, let found = try time(shape, path, mode),
                let computed = found.first?.path
            else { return (path, []) }
            // A path that does not apply may fall back to another, which has been shown.
            let isNew = path == automatic || seen.insert(computed).inserted
            return (path, isNew ? found : [])
        }
    }

    private func row(
        _ title: String,
        _ operations: Double,
        _ timings: Timings,
        _ seconds: (SingleConvolution.Timing) -> Double
    ) -> [Figure] {
        let chosen = timings.first?.timings.first?.path
        return timings.map { path, timings in
            guard let computed = timings.first?.path else {
                return Figure(title, path.rawValue, .gigaflops, missing: "-")
            }
            return Figure(
                title,
                path.rawValue,
                .gigaflops,
                timings.map { operations / seconds($0) / 1e9 },
                note: path != automatic && computed == chosen ? "*" : ""
            )
        }
    }

    private func time(
        _ shape: ConvolutionShape,
        _ path: ComputeOptions.ConvolutionPath,
        _ mode: Site.Mode
    ) throws -> [SingleConvolution.Timing]? {
        do {
            let convolution = try SingleConvolution(shape, path: path, options: effort.options)
            return try (0..<(effort.isQuick ? 1 : 3)).map { _ in
                try convolution.time(batch: batch, mode: mode, repeats: effort.repeats)
            }
        } catch let error as ConvNetError where path != automatic {
            Console.note("\(path.rawValue) on \(shape.description): \(error.summary)")
            return nil
        }
    }
}
