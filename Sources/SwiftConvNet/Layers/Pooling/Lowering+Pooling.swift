extension Lowering {
    /// Emits the operator of a pooling layer, whose sizes are at least 1.
    mutating func pool(
        _ rule: Pool.Rule,
        _ inputs: [Value],
        kind: String,
        size: [Int],
        strides: [Int],
        padding: Padding
    ) throws -> [Value] {
        let image = try image(inputs, axes: size.count, for: kind)
        let sliding = Sliding(strides: strides, padding: padding.ofAxis)
        return try emit(Pool(rule, of: .window(size, sliding)), image.value)
    }

    /// Emits the operator of an adaptive pooling layer, whose sizes are at least 1.
    mutating func poolAdaptively(
        _ rule: Pool.Rule,
        _ inputs: [Value],
        kind: String,
        outputSize: [Int]
    ) throws -> [Value] {
        try emit(
            Pool(rule, of: .shares(outputSize)),
            image(inputs, axes: outputSize.count, for: kind).value
        )
    }

    /// Emits the operators of a global pooling layer.
    mutating func poolGlobally(
        _ rule: Pool.Rule,
        _ inputs: [Value],
        kind: String,
        axes: Int,
        keepDims: Bool
    ) throws -> [Value] {
        let image = try image(inputs, axes: axes, for: kind)
        let pooled = try emit(Pool(rule, of: .everything), image.value)[0]
        return [keepDims ? pooled : try view(pooled, as: [image.channels])]
    }
}
