import CKernels

/// Runs the normalisation of groups of channels, each by its own statistics over a sample: those of the channels are
/// taken first, and then joined.
struct GroupNormalizationKernel: Kernel {
    /// Pixels of one sample, and their channels.
    private let pixels: Int, channels: Int
    /// Groups, and their channels.
    private let groups: Int, width: Int
    private let epsilon: Double
    private let gamma: Int?, beta: Int?
    private let needsGradient: [Bool]

    init(_ op: SampleNormalization, groups: Int, at site: Site) {
        let shape = site.outputs[0].shape
        channels = max(shape.last ?? 1, 1)
        pixels = shape.elementCount / channels
        self.groups = groups
        width = channels / groups
        epsilon = Double(op.epsilon)
        gamma = op.gamma
        beta = op.beta
        needsGradient = site.needsGradient
    }

    var backwardReads: BackwardReads { .inputs }

    /// Mean and inverse deviation of each group.
    var saved: [BufferSpec] {
        [BufferSpec(byteCount: 2 * groups * MemoryLayout<Float>.stride, per: .sample)]
    }

    /// Two sums of each channel in double, then three factors.
    var scratch: Int { channels * (2 * MemoryLayout<Double>.stride + 3 * MemoryLayout<Float>.stride) }

    /// What a worker has for the channels of the sample at hand.
    private struct Channels {
        /// Mean and squared distances; or the sums of the gradient, and of it times what was normalised.
        let first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>
        let a: UnsafeMutablePointer<Float>, b: UnsafeMutablePointer<Float>, c: UnsafeMutablePointer<Float>
    }

    private func channelSums(_ context: StageContext) -> Channels {
        let doubles = context.scratch.assumingMemoryBound(to: Double.self)
        let floats = (context.scratch + 2 * channels * MemoryLayout<Double>.stride)
            .assumingMemoryBound(to: Float.self)
        return Channels(
            first: doubles,
            second: doubles + channels,
            a: floats,
            b: floats + channels,
            c: floats + 2 * channels
        )
    }

    /// Mean and inverse deviation of the groups of a sample of this part.
    private func groupMoments(_ sample: Int, _ context: StageContext) -> UnsafeMutablePointer<Float> {
        context.saved(0).assumingMemoryBound(to: Float.self) + sample * 2 * groups
    }

    private func scale(_ channel: Int, _ context: StageContext) -> Double {
        gamma.map { Double(context.input($0)[channel]) } ?? 1
    }

    // MARK: Forward

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let channel = channelSums(context)
                for sample in 0..<context.count {
                    let x = context.input() + sample * pixels * channels
                    ck_channel_moments(x, pixels, channels, channel.first, channel.second)
                    joinMoments(channel, groupMoments(sample, context), context)
                    ck_channel_affine(
                        x,
                        context.output + sample * pixels * channels,
                        pixels,
                        channels,
                        channel.a,
                        channel.b
                    )
                }
            }
        ]
    }

    /// From the channels' statistics those of the groups, and the channels' factors: y = a · x + b.
    private func joinMoments(
        _ channel: Channels,
        _ moments: UnsafeMutablePointer<Float>,
        _ context: StageContext
    ) {
        for group in 0..<groups {
            let range = (group * width)..<((group + 1) * width)
            var mean = 0.0, squares = 0.0
            for index in range { mean += channel.first[index] }
            mean /= Double(width)
            for index in range {
                let distance = channel.first[index] - mean
                squares += channel.second[index] + Double(pixels) * distance * distance
            }
            let inverse = 1 / (squares / Double(pixels * width) + epsilon).squareRoot()
            moments[2 * group] = Float(mean)
            moments[2 * group + 1] = Float(inverse)
            for index in range {
                let factor = scale(index, context) * inverse
                let shift = beta.map { Double(context.input($0)[index]) } ?? 0
                channel.a[index] = Float(factor)
                channel.b[index] = Float(shift - mean * factor)
            }
        }
    }

    // MARK: Backward

    /// With x̂ = (x - mean) · inverse, g = gamma · dy and n elements in a group: dbeta = Σdy, dgamma = Σ(dy · x̂), and
    /// dx = inverse · (g - Σg / n - x̂ · Σ(g · x̂) / n).
    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let channel = channelSums(context)
                for sample in 0..<context.count {
                    let offset = sample * pixels * channels, moments = groupMoments(sample, context)
                    for index in 0..<channels {
                        channel.a[index] = moments[2 * (index / width)]
                        channel.b[index] = moments[2 * (index / width) + 1]
                    }
                    ck_channel_gradient_sums(
                        context.input() + offset,
                        context.outputGradient + offset,
                        pixels,
                        channels,
                        channel.a,
                        channel.b,
                        channel.first,
                        channel.second
                    )
                    addParameterGradients(channel, context)
                    guard needsGradient[0] else { continue }
                    joinSums(channel, moments, context)
                    ck_channel_gradient(
                        context.input() + offset,
                        context.outputGradient + offset,
                        context.inputGradient() + offset,
                        pixels,
                        channels,
                        channel.a,
                        channel.b,
                        channel.c
                    )
                }
            }
        ]
    }

    private func addParameterGradients(_ channel: Channels, _ context: StageContext) {
        if let gamma, needsGradient[gamma] {
            let sums = context.inputGradient(gamma)
            for index in 0..<channels { sums[index] += Float(channel.second[index]) }
        }
        if let beta, needsGradient[beta] {
            let sums = context.inputGradient(beta)
            for index in 0..<channels { sums[index] += Float(channel.first[index]) }
        }
    }

    /// From the channels' sums the factors of dx = a · dy + b · x + c.
    private func joinSums(
        _ channel: Channels,
        _ moments: UnsafeMutablePointer<Float>,
        _ context: StageContext
    ) {
        let count = Double(pixels * width)
        for group in 0..<groups {
            let range = (group * width)..<((group + 1) * width)
            let mean = Double(moments[2 * group]), inverse = Double(moments[2 * group + 1])
            var gradient = 0.0, product = 0.0
            for index in range {
                gradient += scale(index, context) * channel.first[index]
                product += scale(index, context) * channel.second[index]
            }
            let ofX = -inverse * inverse * product / count
            for index in range {
                channel.a[index] = Float(scale(index, context) * inverse)
                channel.b[index] = Float(ofX)
                channel.c[index] = Float(-inverse * gradient / count - ofX * mean)
            }
        }
    }
}
