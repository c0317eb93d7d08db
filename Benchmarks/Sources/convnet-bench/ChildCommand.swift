import ArgumentParser
import BenchmarkCore
import ConvNetInterop
import SwiftConvNet

/// `convnet-bench child`: what runs in processes of its own, to be measured from outside.
struct ChildCommand: ParsableCommand {
    /// What to do.
    enum Work: String, ExpressibleByArgument {
        /// Load a model and predict one picture.
        case predict
        /// Open an ONNX file and predict one picture; prints the milliseconds of that.
        case open
        /// Train the MNIST network for some steps.
        case train
        /// Nothing: what a process costs that only starts.
        case nothing
    }

    static let configuration = CommandConfiguration(
        commandName: "child",
        abstract: "Does one thing, to be measured.",
        shouldDisplay: false
    )

    @Argument var work: Work
    @Option var modelFile = ""
    @Option var threads = 2
    @Option var batch = 128
    @Option var steps = 100

    func run() throws {
        let options = ComputeOptions(threads: threads)
        switch work {
        case .nothing: break
        case .predict:
            let model = try Model.load(from: modelFile, options: options)
            let output = try model.predict(
                Tensor(shape: model.inputShape.batched(1)) { $0.update(repeating: 0.5) }
            )
            Console.say("\(output.elements)")
        case .open:
            let image = try Tensor(zeros: ONNXModel.image.batched(1))
            let seconds = try Stopwatch.seconds {
                _ = try Model.load(onnx: modelFile, options: ONNXOptions(compute: options)).predict(image)
            }
            Console.say("\(seconds * 1e3)")
        case .train:
            let model = try BenchmarkNetwork.mnist.make(options)
            let data = try RandomData.bytes(.mnist, count: MemoryBenchmark.sampleCount)
            try model.fit(SampleLoop(data, count: steps * batch), batchSize: batch, verbose: .silent)
        }
    }
}
