import CKernels

/// Runs batch normalisation by the moving statistics, in use and in layers that are frozen: one multiplication and one addition.
struct BatchNormalizationInference: EpilogueKernel {
    private let settings: NormalizationSettings
    /// Rows of channels in one sample.
    private let rows: Int
    let activation: Epilogue
    private let needsGradient: Bool

    init(_ settings: NormalizationSettings, activation: Epilogue, at site: Site) {
        self.settings = settings
        rows = site.outputs[0].shape.elementCount / settings.channels
        self.activation = activation
        needsGradient = site.needsGradient[0]
    }

    var backwardReads: BackwardReads { activation.isLinear ? [] : .output }

    /// The factor and the shift of each channel, and for the way back a shift of zero.
    var prepared: Int { (needsGradient ? 3 : 2) * settings.channels * MemoryLayout<Float>.stride }

    func prepare() -> [Stage] {
        [
            Stage(.once) { context in
                let factors = context.prepared.assumingMemoryBound(to: Float.self)
                for channel in 0..<settings.channels {
                    let (factor, shift) = settings.affine(channel, context)
                    factors[channel] = Float(factor)
                    factors[settings.channels + channel] = Float(shift)
                    if needsGradient { factors[2 * settings.channels + channel] = 0 }
                }
            }
        ]
    }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let factors = context.prepared.assumingMemoryBound(to: Float.self)
                activation.normalize(
                    context.input(),
                    into: context.output,
                    rows: context.count * rows,
                    channels: settings.channels,
                    factor: factors,
                    shift: factors + settings.channels
                )
            }
        ]
    }

    /// dx = factor · dy.
    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let factors = context.prepared.assumingMemoryBound(to: Float.self)
                let channels = settings.channels, count = context.count * rows
                activation.backward(context.output, context.outputGradient, count: count * channels)
                ck_channel_affine(
                    context.outputGradient,
                    context.inputGradient(),
                    count,
                    channels,
                    factors,
                    factors + 2 * channels
                )
            }
        ]
    }
}

/// Runs batch normalisation while training: statistics of the whole batch in parts, which are merged in a fixed
/// order, then the normalisation sample by sample; the same way back.
struct BatchNormalizationTraining: EpilogueKernel {
    private let settings: NormalizationSettings
    /// Rows of channels in one sample.
    private let rows: Int
    private let parts: RowParts
    private let needsGradient: [Bool]
    let activation: Epilogue

    init(_ settings: NormalizationSettings, activation: Epilogue, at site: Site) {
        self.settings = settings
        self.activation = activation
        rows = site.outputs[0].shape.elementCount / settings.channels
        parts = RowParts(rows: site.batch * rows, channels: settings.channels)
        needsGradient = site.needsGradient
    }

    var gradientRoute: GradientRoute { .direct }

    /// The two sums of each part, in double; then the rows of `Rows`.
    var saved: [BufferSpec] {
        [
            BufferSpec(
                byteCount: parts.count * 2 * settings.channels * MemoryLayout<Double>.stride,
                per: .batch
            ),
            BufferSpec(
                byteCount: Row.allCases.count * settings.channels * MemoryLayout<Float>.stride,
                per: .batch
            ),
        ]
    }

    /// What is kept for each channel.
    private enum Row: Int, CaseIterable {
        /// The batch's mean, and one by its deviation.
        case mean, inverseDeviation
        /// The factors of the pass at hand: y = first · x + second, and dx = first · dy + second · x + third.
        case first, second, third
    }

    /// The statistics of all parts are finished channel by channel: some hundred of them are worth the handing over.
    private static let channelsPerTask = 256
    private var channelTasks: Int { (settings.channels + Self.channelsPerTask - 1) / Self.channelsPerTask }

    private func channelRange(_ task: Int) -> Range<Int> {
        let first = task * Self.channelsPerTask
        return first..<min(first + Self.channelsPerTask, settings.channels)
    }

    private func row(_ row: Row, _ context: StageContext) -> UnsafeMutablePointer<Float> {
        context.saved(1).assumingMemoryBound(to: Float.self) + row.rawValue * settings.channels
    }

    /// The two sums of a part.
    private func sums(_ part: Int, _ context: StageContext) -> (
        UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) {
        let first = context.saved(0).assumingMemoryBound(to: Double.self) + part * 2 * settings.channels
        return (first, first + settings.channels)
    }

    // MARK: Forward

    func forward() -> [Stage] {
        let channels = settings.channels
        return [
            Stage(.tasks(parts.count)) { context in
                let range = parts[context.task]
                let (mean, m2) = sums(context.task, context)
                ck_channel_moments(
                    context.input() + range.lowerBound * channels,
                    range.count,
                    channels,
                    mean,
                    m2
                )
            },
            Stage(.tasks(channelTasks)) { context in
                let range = channelRange(context.task)
                mergeMoments(range, context)
                useMoments(range, context)
            },
            Stage(.samples) { context in
                activation.normalize(
                    context.input(),
                    into: context.output,
                    rows: context.count * rows,
                    channels: channels,
                    factor: row(.first, context),
                    shift: row(.second, context)
                )
            },
        ]
    }

    /// Merges the parts' means and squared distances into those of part 0, in order.
    ///
    /// Source: Chan, Golub, LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979.
    private func mergeMoments(_ range: Range<Int>, _ context: StageContext) {
        let (mean, m2) = sums(0, context)
        var count = Double(parts[0].count)
        for part in 1..<max(parts.count, 1) {
            let (partMean, partM2) = sums(part, context)
            let partCount = Double(parts[part].count)
            let share = partCount / (count + partCount), weight = count * share
            for channel in range {
                let distance = partMean[channel] - mean[channel]
                mean[channel] += distance * share
                m2[channel] += partM2[channel] + distance * distance * weight
            }
            count += partCount
        }
    }

    /// From the batch's statistics: the factors of the normalisation, and a step of the moving averages.
    private func useMoments(_ range: Range<Int>, _ context: StageContext) {
        let (mean, m2) = sums(0, context)
        let rows = Double(parts.rows), momentum = settings.momentum
        let movingMean = context.state(settings.movingMean)
        let movingVariance = context.state(settings.movingVariance)
        let means = row(.mean, context), inverses = row(.inverseDeviation, context)
        let first = row(.first, context), second = row(.second, context)
        let gammas = settings.gamma.map { context.input($0) }, betas = settings.beta.map { context.input($0) }
        func move(_ average: inout Float, towards value: Double) {
            average = Float(Double(average) * momentum + value * (1 - momentum))
        }
        for channel in range {
            let variance = m2[channel] / rows
            let inverse = 1 / (variance + settings.epsilon).squareRoot()
            let gamma = gammas.map { Double($0[channel]) } ?? 1
            let beta = betas.map { Double($0[channel]) } ?? 0
            means[channel] = Float(mean[channel])
            inverses[channel] = Float(inverse)
            first[channel] = Float(gamma * inverse)
            second[channel] = Float(beta - mean[channel] * gamma * inverse)
            move(&movingMean[channel], towards: mean[channel])
            move(&movingVariance[channel], towards: variance)
        }
    }

    // MARK: Backward

    /// With x̂ = (x - mean) · inverse and n rows: dbeta = Σdy, dgamma = Σ(dy · x̂), and
    /// dx = gamma · inverse · (dy - dbeta / n - x̂ · dgamma / n).
    func backward() -> [Stage] {
        let channels = settings.channels
        let stages = [
            Stage(.tasks(parts.count)) { context in
                let range = parts[context.task]
                let offset = range.lowerBound * channels
                let (dy, product) = sums(context.task, context)
                activation.backward(
                    context.output + offset,
                    context.outputGradient + offset,
                    count: range.count * channels
                )
                ck_channel_gradient_sums(
                    context.input() + offset,
                    context.outputGradient + offset,
                    range.count,
                    channels,
                    row(.mean, context),
                    row(.inverseDeviation, context),
                    dy,
                    product
                )
            },
            Stage(.tasks(channelTasks)) { useSums(channelRange($0.task), $0) },
        ]
        guard needsGradient[0] else { return stages }
        return stages + [
            Stage(.samples) { context in
                ck_channel_gradient(
                    context.input(),
                    context.outputGradient,
                    context.inputGradient(),
                    context.count * rows,
                    channels,
                    row(.first, context),
                    row(.second, context),
                    row(.third, context)
                )
            }
        ]
    }

    /// Adds the parts' sums to those of part 0, in order; stores the gradients and the factors of dx.
    private func useSums(_ range: Range<Int>, _ context: StageContext) {
        let (dy, product) = sums(0, context)
        for part in 1..<max(parts.count, 1) {
            let (partDy, partProduct) = sums(part, context)
            for channel in range {
                dy[channel] += partDy[channel]
                product[channel] += partProduct[channel]
            }
        }
        if let gamma = settings.gamma, needsGradient[gamma] {
            let gradient = context.inputGradient(gamma)
            for channel in range { gradient[channel] = Float(product[channel]) }
        }
        if let beta = settings.beta, needsGradient[beta] {
            let gradient = context.inputGradient(beta)
            for channel in range { gradient[channel] = Float(dy[channel]) }
        }
        let count = Double(parts.rows)
        let means = row(.mean, context), inverses = row(.inverseDeviation, context)
        let firsts = row(.first, context), seconds = row(.second, context), thirds = row(.third, context)
        let gammas = settings.gamma.map { context.input($0) }
        for channel in range {
            let inverse = Double(inverses[channel])
            let first = (gammas.map { Double($0[channel]) } ?? 1) * inverse
            let second = -first * inverse * product[channel] / count
            firsts[channel] = Float(first)
            seconds[channel] = Float(second)
            thirds[channel] = Float(-first * dy[channel] / count - second * Double(means[channel]))
        }
    }
}

/// The rows of a batch cut into parts of neighbours, as shapes and batch size alone demand.
private struct RowParts: Sendable {
    /// Elements of a part: what a small second-level cache (256 KiB) holds beside the gradient's, for the moments
    /// take two passes.
    private static let partCount = 32 << 10
    /// More parts would make the merge, which one worker does, a share of the work.
    private static let maximumCount = 256

    let rows: Int
    private let rowsPerPart: Int

    init(rows: Int, channels: Int) {
        self.rows = rows
        let most = (rows + Self.maximumCount - 1) / Self.maximumCount
        rowsPerPart = max(1, Self.partCount / max(channels, 1), most)
    }

    var count: Int { (rows + rowsPerPart - 1) / rowsPerPart }

    subscript(part: Int) -> Range<Int> { (part * rowsPerPart)..<min((part + 1) * rowsPerPart, rows) }
}
