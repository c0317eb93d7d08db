/// A convolution over images of one to three axes, with an activation.
///
/// Operands: images `[sizes, channels]`; whole ones: kernel `[window, channels / groups, filters]`, bias `[filters]` if there
/// is one, and those of a batch normalisation in inference that is folded in. Output `[output sizes, filters]`.
package struct Convolution: ActivatingOperator {
    package let sliding: Sliding
    package let groups: Int
    package let hasBias: Bool
    /// How it is computed; `nil` for the model's choice.
    let path: ComputeOptions.ConvolutionPath?
    package var activation = ActivationFunction.linear
    /// The normalisation that is folded in.
    package var normalization: NormalizeBatch?

    package init(
        _ sliding: Sliding,
        groups: Int = 1,
        hasBias: Bool,
        path: ComputeOptions.ConvolutionPath? = nil
    ) {
        self.sliding = sliding
        self.groups = groups
        self.hasBias = hasBias
        self.path = path
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a convolution")
        let geometry = try geometry(for: inputs)
        return [ValueType(Shape(geometry.outputSizes(sliding.rank) + [geometry.filters]))]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        let geometry = try geometry(for: site.inputs)
        let problem = ConvolutionProblem(
            geometry: geometry,
            weights: ConvolutionWeights(
                geometry,
                useBias: hasBias,
                normalization: normalization?.settings(
                    channels: geometry.filters,
                    firstOperand: hasBias ? 3 : 2
                )
            ),
            activation: Epilogue(activation),
            site: site
        )
        return try implementation(for: problem).make(problem)
    }

    // MARK: Implementations

    /// All of them; of equal costs the first is taken.
    static let implementations: [Implementation<ConvolutionProblem>] = [
        .direct, .im2col, .winograd(tile: 4), .winograd(tile: 2), .naive,
    ]

    /// The one that the layer names, else the one that the model names where it suits, else the cheapest.
    private func implementation(for problem: ConvolutionProblem) throws -> Implementation<ConvolutionProblem>
    {
        let wanted = path ?? problem.site.options.convolutionPath
        guard let named = Self.implementations.first(where: { $0.name == wanted.rawValue }) else {
            return try Self.implementations.cheapest(for: problem)
        }
        guard case .unsuitable(let reason) = named.suits(problem) else { return named }
        // A model's choice is for the layers that it suits.
        guard path != nil else { return .im2col }
        throw ConvNetError(
            .argument,
            "The path of this convolution cannot compute it",
            at: "convolutionPath",
            expected: "a path that suits the layer: \(wanted) does not, for \(reason)",
            received: "\(wanted)",
            remedy: "Leave convolutionPath out, or take .im2col, which suits every convolution"
        )
    }

    /// How the window goes over each axis of the image.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it fits nowhere.
    package func windowAxes(for inputs: [ValueType]) throws -> [WindowAxis] {
        try geometry(for: inputs).axes(sliding.rank)
    }

    /// Works out where the window goes.
    private func geometry(for inputs: [ValueType]) throws -> WindowGeometry {
        let image = inputs[0].shape, kernel = inputs[1].shape, rank = sliding.rank
        guard image.rank == rank + 1, kernel.rank == rank + 2, groups >= 1,
            kernel[rank] * groups == image[rank], kernel[rank + 1] % groups == 0
        else {
            throw ConvNetError(
                .shape,
                "The operands of a convolution do not fit",
                expected:
                    "\(rank) sizes and channels, and a window of \(rank) sizes, channels / groups and filters",
                received: "\(image) and \(kernel), with \(groups) groups"
            )
        }
        return try WindowGeometry(
            sizes: Array(image.dimensions.dropLast()),
            channels: image[rank],
            filters: kernel[rank + 1],
            groups: groups,
            window: Array(kernel.dimensions.prefix(rank)),
            sliding: sliding
        )
    }
}
