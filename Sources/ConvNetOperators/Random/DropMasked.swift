/// Drops elements at random, anew at every step, with a mask that may be smaller than a sample: `y = scale · x + shift` for those
/// that are kept, one number for those that are dropped.
///
/// An axis of the mask of size 1 stands for all places along it.
package struct DropMasked: Operator {
    /// What becomes of the elements.
    package struct Rule: Sendable {
        let rate: Float
        let scale: Float, shift: Float
        let dropped: Float

        /// Dropout: zero for what is dropped; what is kept is divided by `1 - rate`.
        package static func dropout(rate: Float) -> Rule {
            Rule(rate: rate, scale: rate < 1 ? 1 / (1 - rate) : 0, shift: 0, dropped: 0)
        }

        /// Alpha dropout: the lowest value of a SELU for what is dropped, and then an affine function that brings mean 0 and
        /// variance 1 back.
        ///
        /// Source: Klambauer and others, Self-normalizing neural networks, 2017.
        package static func alphaDropout(rate: Float) -> Rule {
            let q = Double(rate), lowest = -1.6732632423543772 * 1.0507009873554805
            let a = 1 / ((1 - q) * (1 + q * lowest * lowest)).squareRoot()
            let b = -a * lowest * q
            return Rule(rate: rate, scale: Float(a), shift: Float(b), dropped: Float(a * lowest + b))
        }
    }

    let rule: Rule
    let mask: Shape
    let isSharedBySamples: Bool
    let source: RandomSource

    /// - Parameters:
    ///   - mask: the shape of the mask: of the operand's rank, each size 1 or the operand's.
    ///   - isSharedBySamples: whether all samples of a batch have one mask.
    package init(_ rule: Rule, mask: Shape, isSharedBySamples: Bool, source: RandomSource) {
        self.rule = rule
        self.mask = mask
        self.isSharedBySamples = isSharedBySamples
        self.source = source
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requirePlaces(for: inputs[0].shape, of: "a mask")
        return [inputs[0]]
    }

    package func kernel(at site: Site) -> any Kernel {
        MaskedDropKernel(
            rule: rule,
            mask: Repetition(of: mask, in: site.inputs[0].shape),
            isSharedBySamples: isSharedBySamples,
            source: source
        )
    }
}
