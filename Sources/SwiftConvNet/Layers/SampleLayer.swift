/// The easy form of a layer: one function each way, for one sample at a time, on plain buffers.
///
/// ```swift
/// struct Scale: SampleLayer {            // y = w * x, one weight per channel
///     static let kind = "Scale"
///     func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
///     func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
///         [ParameterSpec("weight", shape: [inputs[0].last ?? 1], initializer: .ones)]
///     }
///     func forward(_ sample: SampleContext) {
///         let x = sample.input(0), w = sample.parameter(0), y = sample.output
///         for i in x.indices { y[i] = x[i] * w[i % w.count] }
///     }
///     func backward(_ sample: SampleContext) {
///         let x = sample.input(0), w = sample.parameter(0), dy = sample.outputGradient
///         for i in x.indices { sample.parameterGradient(0)[i % w.count] += dy[i] * x[i] }
///         if sample.needsInputGradient(0) {
///             for i in x.indices { sample.inputGradient(0)[i] = dy[i] * w[i % w.count] }
///         }
///     }
/// }
/// ```
public protocol SampleLayer: Layer {
    /// Computes the output of one sample. Called from several threads at once, for different samples.
    func forward(_ sample: SampleContext)

    /// From the gradient of the output, *stores* the gradient of each input that needs one, and *adds* to the
    /// gradient of each trainable parameter.
    func backward(_ sample: SampleContext)
}

extension SampleLayer {
    /// A kernel that calls `forward` and `backward` for one sample after the other.
    public func kernel(at site: Site) throws -> any Kernel {
        SampleKernel(
            layer: self,
            inputCounts: site.inputs.map(\.elementCount),
            outputCount: site.output.elementCount,
            parameterCounts: try parameters(for: site.inputs).map(\.shape.elementCount),
            site: site
        )
    }
}

/// What `SampleLayer` works on: the buffers of one sample.
public struct SampleContext {
    let stage: StageContext
    let kernel: UnsafePointer<SampleKernel>
    /// The sample's place within the part of the stage.
    let place: Int

    /// The sample's place in the batch.
    public var index: Int { stage.samples.lowerBound + place }
    /// Whether this is part of a training step.
    public var isTraining: Bool { kernel.pointee.site.mode == .training }

    /// Input `index` of the sample.
    public func input(_ index: Int) -> UnsafeBufferPointer<Float> {
        let count = kernel.pointee.inputCounts[index]
        return UnsafeBufferPointer(start: stage.input(index) + place * count, count: count)
    }

    /// The output of the sample: to be written forwards, written already when backwards.
    public var output: UnsafeMutableBufferPointer<Float> {
        let count = kernel.pointee.outputCount
        return UnsafeMutableBufferPointer(start: stage.output + place * count, count: count)
    }

    /// The gradient of the loss with respect to the output.
    public var outputGradient: UnsafeBufferPointer<Float> {
        let count = kernel.pointee.outputCount
        return UnsafeBufferPointer(start: stage.outputGradient + place * count, count: count)
    }

    /// Whether `inputGradient(index)` must be written; it must not be touched otherwise.
    public func needsInputGradient(_ index: Int) -> Bool { kernel.pointee.site.needsInputGradient[index] }

    /// Where the gradient with respect to input `index` is to be stored.
    public func inputGradient(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        let count = kernel.pointee.inputCounts[index]
        return UnsafeMutableBufferPointer(start: stage.inputGradient(index) + place * count, count: count)
    }

    /// Parameter `index`.
    public func parameter(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: stage.parameter(index), count: kernel.pointee.parameterCounts[index])
    }

    /// The sum of gradients with respect to parameter `index`, to be added to.
    public func parameterGradient(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            start: stage.parameterGradient(index),
            count: kernel.pointee.parameterCounts[index]
        )
    }
}

/// Runs a `SampleLayer`.
struct SampleKernel: Kernel {
    let layer: any SampleLayer
    let inputCounts: [Int]
    let outputCount: Int
    let parameterCounts: [Int]
    let site: Site

    func forward() -> [Stage] { [stage { $0.forward($1) }] }
    func backward() -> [Stage] { [stage { $0.backward($1) }] }

    private func stage(_ pass: @escaping @Sendable (any SampleLayer, SampleContext) -> Void) -> Stage {
        Stage(.samples) { context in
            withUnsafePointer(to: self) { kernel in
                for place in 0..<context.count {
                    pass(layer, SampleContext(stage: context, kernel: kernel, place: place))
                }
            }
        }
    }
}
