/// A layer that changes single pictures, at random and while training: the easy form of an augmentation.
///
/// It has two halves. `draw` makes the random parameters of one picture, and `apply` is a function of the picture and of these
/// alone. In a model it stands before the weights, for its inputs get no gradient; `Augmented` applies the same transforms to the
/// pictures of a dataset, and to masks beside them.
///
/// ```swift
/// struct RandomGain: ImageTransform {
///     static let kind = "RandomGain"
///     var seed: UInt64?
///     func draw(_ random: inout RandomStream, for picture: Shape) -> Float { random.uniform(in: 0.5..<1.5) }
///     func apply(_ gain: Float, to picture: PictureContext) {
///         guard picture.role == .picture else { return picture.copy() }
///         for i in picture.source.indices { picture.output[i] = picture.source[i] * gain }
///     }
/// }
/// ```
///
/// What a picture gets depends on the model's seed (or the layer's own), on the number of batches that training has seen, on the
/// layer and on the picture's place in the batch: not on the number of workers, nor on the other pictures. In a dataset it depends
/// on the epoch and on the index of the sample in place of the batch.
public protocol ImageTransform: Layer {
    /// What `draw` makes for one picture, and `apply` needs. It must not allocate memory.
    associatedtype Parameters

    /// What random numbers depend on, in place of the model's seed. The default is `nil`: the model's.
    var seed: UInt64? { get }

    /// Whether it changes pictures outside of training, too. The default is no.
    var actsInInference: Bool { get }

    /// The shape of the output for a picture `[height, width, channels]`. The default is the picture's. Another one needs
    /// `actsInInference`. A mask beside the picture gets the same rows and columns, and keeps its channels.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if one of the layer's own settings is out of range, of kind `shape` if it cannot
    ///   take the picture.
    func outputShape(for picture: Shape) throws -> Shape

    /// The number of floats of scratch memory that `apply` needs for a picture of this shape. The default is none.
    func scratchCount(for picture: Shape) -> Int

    /// The random parameters of one picture. They may depend on its height and width, but not on its channels, of which a mask
    /// has other ones.
    func draw(_ random: inout RandomStream, for picture: Shape) -> Parameters

    /// Writes all of `picture.output`, from `picture.source` and the parameters. Called from several threads at once, for different
    /// pictures. It allocates no memory.
    func apply(_ parameters: Parameters, to picture: PictureContext)

    /// Changes a picture: draws and applies while training; outside of it copies the picture, unless `actsInInference`.
    func transform(_ picture: PictureContext)
}

extension ImageTransform {
    /// The model's.
    public var seed: UInt64? { nil }
    /// No.
    public var actsInInference: Bool { false }
    /// The picture's.
    public func outputShape(for picture: Shape) throws -> Shape { picture }
    /// None.
    public func scratchCount(for picture: Shape) -> Int { 0 }

    /// Draws and applies while training; outside of it copies the picture, unless `actsInInference`.
    public func transform(_ picture: PictureContext) {
        guard picture.isTraining || actsInInference else { return picture.copy() }
        var random = picture.random
        apply(draw(&random, for: picture.shape), to: picture)
    }

    /// A network would have other shapes in training than in inference.
    var changesShapeInTraining: ConvNetError {
        ConvNetError(
            .shape,
            "A transform that gives pictures another shape acts in training alone",
            at: Self.kind,
            expected: "pictures of their own shape, or actsInInference: true"
        )
    }

    /// Emits an operator that calls `transform` for one picture after the other; outside of training nothing, unless
    /// `actsInInference`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image; what `outputShape` throws.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let picture = try lowering.image(inputs, for: Self.kind).value
        let output = try outputShape(for: picture.shape).validated(as: "output", minimum: 1)
        guard output == picture.shape || actsInInference else { throw changesShapeInTraining }
        let isTraining = lowering.mode == .training
        // Asked for in every mode, so that other layers' numbers do not depend on it.
        let stream = lowering.randomStream()
        guard isTraining || actsInInference else { return [picture] }
        let op = TransformPictures(transform: self, output: output, isTraining: isTraining, stream: stream)
        return try lowering.emit(op, picture)
    }
}

/// Runs an `ImageTransform`.
private struct TransformPictures: Operator {
    let transform: any ImageTransform
    let output: Shape
    let isTraining: Bool
    let stream: UInt32

    /// None: pictures that are changed at random stand before all weights.
    var differentiableInputs: Set<Int>? { [] }

    func outputs(for inputs: [ValueType]) -> [ValueType] { [ValueType(output)] }

    func kernel(at site: Site) -> any Kernel {
        TransformKernel(
            transform: transform,
            shape: site.inputs[0].shape,
            output: output,
            isTraining: isTraining,
            stream: stream
        )
    }
}

/// Runs an `ImageTransform`, one picture after the other.
private struct TransformKernel: Kernel {
    let transform: any ImageTransform
    let shape: Shape, output: Shape
    let isTraining: Bool
    let stream: UInt32

    var backwardReads: BackwardReads { [] }
    var scratch: Int { transform.scratchCount(for: shape) * MemoryLayout<Float>.stride }

    func forward() -> [Stage] {
        let count = shape.elementCount, outputCount = output.elementCount
        return [
            Stage(.samples) { context in
                let (low, high) = context.randomKey
                let seed = transform.seed ?? UInt64(high) << 32 | UInt64(low)
                for place in 0..<context.count {
                    transform.transform(
                        PictureContext(
                            source: UnsafeBufferPointer(
                                start: context.input() + place * count,
                                count: count
                            ),
                            output: UnsafeMutableBufferPointer(
                                start: context.output + place * outputCount,
                                count: outputCount
                            ),
                            scratch: context.scratch.assumingMemoryBound(to: Float.self),
                            shape: shape,
                            outputShape: output,
                            random: RandomStream(
                                seed: seed,
                                purpose: .augmentation,
                                UInt32(truncatingIfNeeded: context.batchesDone),
                                UInt32(truncatingIfNeeded: context.samples.lowerBound + place),
                                // Datasets have the numbers below this bit.
                                1 << 23 | stream & 0x7F_FFFF
                            ),
                            isTraining: isTraining,
                            role: .picture
                        )
                    )
                }
            }
        ]
    }

    func backward() -> [Stage] { [] }
}
