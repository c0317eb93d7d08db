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
    /// The shape of the output for these shapes of the inputs.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the layer cannot take them, of kind `argument` if the
    ///   layer's own settings are out of range.
    func outputShape(for inputs: [Shape]) throws -> Shape

    /// What the layer learns or keeps, in order. Called with shapes that `outputShape` has accepted. The default is nothing.
    func parameters(for inputs: [Shape]) throws -> [ParameterSpec]

    /// Computes the output of one sample. Called from several threads at once, for different samples.
    func forward(_ sample: SampleContext)

    /// From the gradient of the output, *stores* the gradient of each input that needs one, and *adds* to the
    /// gradient of each trainable parameter.
    func backward(_ sample: SampleContext)
}

extension SampleLayer {
    /// Nothing.
    public func parameters(for inputs: [Shape]) throws -> [ParameterSpec] { [] }

    /// Declares the parameters, and emits an operator that calls `forward` and `backward` for one sample after the other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let shapes = inputs.map(\.shape)
        let output = try outputShape(for: shapes).validated(as: "output", minimum: 1)
        let specs = try parameters(for: shapes)
        guard Set(specs.map(\.name)).count == specs.count else {
            throw ConvNetError(
                .argument,
                "Two parameters of a layer share a name",
                expected: "names of their own",
                received: "\(specs.map(\.name))"
            )
        }
        let parameters = try specs.map { try lowering.parameter($0) }
        let op = SampleOperator(layer: self, output: output, inputCount: inputs.count)
        return try lowering.emit(op, inputs + parameters)
    }
}

/// Runs a `SampleLayer`: its inputs, then its parameters are the operands.
private struct SampleOperator: Operator {
    let layer: any SampleLayer
    let output: Shape
    let inputCount: Int

    func outputs(for inputs: [ValueType]) -> [ValueType] { [ValueType(output)] }

    func kernel(at site: Site) -> any Kernel {
        SampleKernel(layer: layer, inputCount: inputCount, site: site)
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
        UnsafeBufferPointer(start: operand(index), count: kernel.pointee.counts[index])
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
    public func needsInputGradient(_ index: Int) -> Bool { kernel.pointee.site.needsGradient[index] }

    /// Where the gradient with respect to input `index` is to be stored.
    public func inputGradient(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        let count = kernel.pointee.counts[index]
        let start =
            kernel.pointee.scratchOffsets[index].map { scratch(at: $0) }
            ?? stage.inputGradient(index) + kernel.pointee.strides[index] * place
        return UnsafeMutableBufferPointer(start: start, count: count)
    }

    /// Parameter `index`.
    public func parameter(_ index: Int) -> UnsafeBufferPointer<Float> {
        input(kernel.pointee.inputCount + index)
    }

    /// The sum of gradients with respect to parameter `index`, to be added to.
    public func parameterGradient(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        inputGradient(kernel.pointee.inputCount + index)
    }

    fileprivate func scratch(at offset: Int) -> UnsafeMutablePointer<Float> {
        stage.scratch.assumingMemoryBound(to: Float.self) + offset
    }

    private func operand(_ index: Int) -> UnsafePointer<Float> {
        stage.input(index) + kernel.pointee.strides[index] * place
    }
}

/// Runs a `SampleLayer`.
struct SampleKernel: Kernel {
    let layer: any SampleLayer
    let inputCount: Int
    let site: Site
    /// Elements of each operand, and from one sample's to the next.
    let counts: [Int], strides: [Int]
    let outputCount: Int
    /// Where the gradient of an operand goes that cannot go to its place: of an input that all samples share, which a layer
    /// stores and the engine adds up; and of a parameter whose gradient nobody needs, which a layer may make all the same.
    let scratchOffsets: [Int?]
    let scratch: Int

    init(layer: any SampleLayer, inputCount: Int, site: Site) {
        self.layer = layer
        self.inputCount = inputCount
        self.site = site
        counts = site.inputs.map(\.shape.elementCount)
        strides = site.inputs.map { $0.isBatched ? $0.shape.elementCount : 0 }
        outputCount = site.outputs[0].shape.elementCount
        var end = 0
        var offsets: [Int?] = []
        for (index, type) in site.inputs.enumerated() {
            let isShared = index < inputCount && !type.isBatched && site.outputs[0].isBatched
            let isUnused = index >= inputCount && !site.needsGradient[index]
            let isAside = site.mode == .training && (isShared || isUnused)
            offsets.append(isAside ? end : nil)
            if isAside { end += counts[index] }
        }
        scratchOffsets = offsets
        scratch = end * MemoryLayout<Float>.stride
    }

    var changesOutputGradient: Bool { false }

    func forward() -> [Stage] { [stage { layer.forward($0) }] }

    func backward() -> [Stage] {
        [
            stage { sample in
                layer.backward(sample)
                for index in 0..<inputCount where site.needsGradient[index] {
                    guard let offset = scratchOffsets[index] else { continue }
                    let gradient = sample.scratch(at: offset), sum = sample.stage.inputGradient(index)
                    for place in 0..<counts[index] { sum[place] += gradient[place] }
                }
            }
        ]
    }

    private func stage(_ pass: @escaping @Sendable (SampleContext) -> Void) -> Stage {
        Stage(.samples) { context in
            withUnsafePointer(to: self) { kernel in
                for place in 0..<context.count {
                    pass(SampleContext(stage: context, kernel: kernel, place: place))
                }
            }
        }
    }
}
