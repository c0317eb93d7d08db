/// An output of a layer together with its shape, which some networks need to go on.
struct Feature {
    let output: LayerOutput
    /// Without the batch axis.
    let shape: Shape

    /// The size of the last axis.
    var channels: Int { shape.last ?? 1 }

    /// Where samples of a shape enter.
    init(inputShape: Shape) {
        output = Input(shape: inputShape)
        shape = inputShape
    }

    /// The output of a layer.
    ///
    /// - Parameter scope: the nested model that the layer is part of, as its name tells.
    /// - Throws: what the layer throws, located at its name.
    init(_ layer: some Layer, of inputs: [Feature], in scope: LayerOutput.Scope? = nil) throws {
        shape = try layer.outputShapes(for: inputs.map(\.shape))[0]
        let nesting = scope.map { LayerOutput.Nesting(scope: $0, name: layer.name ?? type(of: layer).kind) }
        output = LayerOutput(.init(SharedLayer(layer), inputs.map(\.output), nesting: nesting))
    }

    /// The output of a layer that reads this one.
    func then(_ layer: some Layer, in scope: LayerOutput.Scope? = nil) throws -> Feature {
        try Feature(layer, of: [self], in: scope)
    }

    /// The sum of this and another one.
    func adding(_ other: Feature, name: String? = nil) throws -> Feature {
        try Feature(Add(name: name), of: [self, other])
    }

    /// This, with rows and columns of zeros around it; itself if there are none to add.
    func padded(_ padding: Int, name: String? = nil) throws -> Feature {
        try padding == 0 ? self : then(ZeroPadding2D(padding: Size2D(padding, padding), name: name))
    }

    /// The padding before a window of stride 2 in Keras' networks: half the window on either side, one less at top and left of
    /// an even size (`keras/src/applications/imagenet_utils.py`, `correct_pad`).
    func correctPadding(_ kernelSize: Int) -> ((top: Int, bottom: Int), (left: Int, right: Int)) {
        let half = kernelSize / 2
        return (
            (top: half - 1 + shape[0] % 2, bottom: half), (left: half - 1 + shape[1] % 2, right: half)
        )
    }
}
