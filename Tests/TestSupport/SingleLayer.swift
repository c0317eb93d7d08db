import SwiftConvNet

/// Takes neighbouring elements of a sample as a value of its own: how a test gives a layer several inputs, for a
/// model has one.
struct Slice: SampleLayer {
    static let kind = "Slice"
    let first: Int
    let shape: Shape

    func outputShape(for inputs: [Shape]) -> Shape { shape }

    func forward(_ sample: SampleContext) {
        for place in 0..<shape.elementCount { sample.output[place] = sample.input(0)[first + place] }
    }

    func backward(_ sample: SampleContext) {
        let target = sample.inputGradient(0)
        for place in target.indices { target[place] = 0 }
        for place in 0..<shape.elementCount { target[first + place] = sample.outputGradient[place] }
    }
}

/// A model of one layer. Several inputs are one after the other in each sample.
public func singleLayerModel(
    _ layer: some Layer,
    inputs: [Shape],
    seed: UInt64 = 1,
    options: ComputeOptions = ComputeOptions()
) throws -> Model {
    guard inputs.count > 1 else {
        return try Sequential(inputShape: inputs[0], layers: [layer], seed: seed, options: options)
    }
    let entrance = Input(shape: [inputs.map(\.elementCount).reduce(0, +)])
    var first = 0
    let slices = inputs.map { shape in
        defer { first += shape.elementCount }
        return Slice(first: first, shape: shape)(entrance)
    }
    return try Model(inputs: entrance, outputs: layer(slices), seed: seed, options: options)
}

/// The inputs of a layer, from samples that hold them one after the other.
public func splitInputs(_ x: ReferenceTensor, _ shapes: [Shape]) -> [ReferenceTensor] {
    let batch = x.shape[0]
    let stride = x.elements.count / batch
    var first = 0
    return shapes.map { shape in
        defer { first += shape.elementCount }
        let elements = (0..<batch).flatMap { sample in
            x.elements[(sample * stride + first)..<(sample * stride + first + shape.elementCount)]
        }
        return ReferenceTensor(shape: [batch] + shape.dimensions, elements: elements)
    }
}
