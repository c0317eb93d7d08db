import BenchmarkCore
import SwiftConvNet

/// Every convolution path on the shapes of known networks.
struct ConvolutionBenchmark {
    let effort: Effort
    var batch = 32

    private let automatic = ComputeOptions.ConvolutionPath.automatic

    func section() throws -> ReportSection {
        var section = ReportSection(
            name: "conv", title: "Convolutions by path", rowTitle: "shape", charted: .gigaflops,
            notes: [
                effort.note + ", batch \(batch)",
                "effective rate: 2 · outputs · window · channels operations, twice or three times for both passes, "
                    + "whatever a path really computes",
                "* is the path that the library chooses; - does not apply"
                    + (effort.isFull ? "" : ", or takes long (direct, --full)"),
                "fwd: one pass of inference; fwd+bwd: of a training step, with the gradient of the input unless it is "
                    + "a picture",
            ])
        let shapes = ConvolutionShape.common + ConvolutionShape.cifar
        for shape in effort.isQuick ? [shapes[1]] : shapes {
            for backward in [false, true] { section.figures += try figures(shape, backward: backward) }
        }
        return section
    }

    private func figures(_ shape: ConvolutionShape, backward: Bool) throws -> [Figure] {
        let row = shape.description + (backward ? " | fwd+bwd" : " | fwd")
        let operations =
            backward ? shape.trainingOperations(batch: batch) : shape.forwardOperations(batch: batch)
        guard let chosen = try time(shape, automatic, backward: backward) else { return [] }
        var paths = Set<String>()
        var figures: [Figure] = []
        for path in ComputeOptions.ConvolutionPath.allCases where path != automatic {
            let isLeftOut = path == .direct && !effort.isFull
            // A path that does not apply throws, or falls back to another, which has been shown.
            guard !isLeftOut, let timing = try time(shape, path, backward: backward),
                paths.insert(timing.path).inserted
            else {
                figures.append(Figure(row, path.rawValue, .gigaflops, missing: "-"))
                continue
            }
            figures.append(
                Figure(
                    row, path.rawValue, .gigaflops, [operations / timing.seconds / 1e9],
                    note: timing.path == chosen.path ? "*" : ""))
        }
        return [Figure(row, "automatic", .gigaflops, [operations / chosen.seconds / 1e9])] + figures
    }

    private func time(_ shape: ConvolutionShape, _ path: ComputeOptions.ConvolutionPath, backward: Bool)
        throws
        -> SingleConvolution.Timing?
    {
        do {
            return try SingleConvolution(shape, path: path, options: effort.options)
                .time(batch: batch, backward: backward, repeats: effort.isQuick ? 2 : max(effort.repeats, 10))
        } catch let error as ConvNetError where path != automatic {
            Console.note("\(path.rawValue) on \(shape.description): \(error.summary)")
            return nil
        }
    }
}
