import SwiftConvNet

/// Networks of layers that combine, look up and attend, over sequences and images.
extension RandomNetwork {
    /// - Parameter seed: equal networks for equal seeds.
    init(operatorsSeed seed: UInt64) {
        self.init(seed: seed, topic: 4) { draw in
            draw.oneIn(3)
                ? [draw.integer(in: 2...5), draw.integer(in: 2...5), draw.integer(in: 1...4)]
                : [draw.integer(in: 2...20), draw.integer(in: 1...5)]
        }
        if draw.oneIn(3) { lookUp() }
        for _ in 0..<draw.integer(in: 2...5) { growOperator() }
    }

    private var channels: Int { shape[shape.count - 1] }

    private mutating func growOperator() {
        switch draw.below(10) {
        case 0, 1, 2: merge()
        case 3, 4: attend()
        case 5 where shape.count == 2: dot()
        case 6: add(Softmax(axis: Axes([draw.integer(in: 1...shape.count)])))
        case 7: gate()
        case 8: draw.oneIn(2) ? add(Identity()) : einsum()
        default: add(dense(units: channels))
        }
    }

    /// A vector for each number of a sample, by whether it is positive.
    private mutating func lookUp() {
        add(Lambda { x, ops in try ops.multiply(ops.add(ops.sign(x), 1), 0.5) })
        let size = draw.integer(in: 1...5)
        add(Embedding(inputDim: 2, outputDim: size), shape: shape + [size])
        // One axis less, as the other layers expect.
        if shape.count > 3 {
            add(
                Reshape(targetShape: [shape[0], shape[1] * shape[2], size]),
                shape: [shape[0], shape[1] * shape[2], size]
            )
        }
    }

    /// The output and one or two ways from it, of which one may be stretched.
    private mutating func merge() {
        var ways = [output, branch { $0.add($0.dense(units: $0.channels)) }.output]
        let layer: any Layer
        switch draw.below(6) {
        case 0: layer = Subtract()
        case 1: layer = Multiply()
        case 2: layer = Average()
        case 3: layer = Maximum()
        case 4: layer = Minimum()
        default: layer = Add()
        }
        if !(layer is Subtract), draw.oneIn(2) {
            ways.append(branch { $0.add($0.dense(units: 1)) }.output)
        }
        if draw.oneIn(2) { ways.reverse() }
        join(ways, by: layer, shape: shape)
    }

    /// Attention of the output to itself, or to another way.
    private mutating func attend() {
        let size = draw.integer(in: 1...6)
        let layer = MultiHeadAttention(
            numHeads: draw.integer(in: 1...3),
            keyDim: draw.integer(in: 1...4),
            valueDim: draw.one(of: [nil, 2]),
            dropout: draw.one(of: [0, 0, 0.2]),
            useBias: !draw.oneIn(3),
            outputShape: draw.oneIn(2) ? [size] : nil,
            attentionAxes: draw.oneIn(2) ? 1 : nil,
            kernelInitializer: kernelInitializer(),
            useGate: draw.oneIn(3)
        )
        var inputs = [output]
        for _ in 0..<draw.below(3) { inputs.append(branch { $0.add($0.dense(units: size)) }.output) }
        join(inputs, by: layer, shape: shape.dropLast() + [layer.outputShape == nil ? channels : size])
    }

    /// Products of a sequence's places with each other.
    private mutating func dot() {
        let way = branch { $0.add($0.dense(units: $0.channels)) }.output
        let axis = draw.integer(in: 1...2), rest = shape[2 - axis]
        join([output, way], by: Dot(axes: Axes([axis]), normalize: draw.oneIn(2)), shape: [rest, rest])
    }

    /// A dense layer that puts its units in front of the last axis.
    private mutating func einsum() {
        let units = draw.integer(in: 1...5), outer = shape[shape.count - 2]
        add(
            EinsumDense(
                equation: shape.count == 2 ? "abc,cd->adb" : "axbc,cd->axdb",
                outputShape: (shape.count == 2 ? [] : [nil]) + [units, outer],
                activation: activation(),
                biasAxes: draw.one(of: [nil, "d", "db"])
            ),
            shape: Array(shape.dropLast(2)) + [units, outer]
        )
    }

    /// The output times a closure over it.
    private mutating func gate() {
        let way = branch {
            $0.add(
                Lambda { x, ops in try ops.sigmoid(ops.variance(ops.sin(x), axes: [-1], keepDims: true)) },
                shape: Array($0.shape.dropLast()) + [1]
            )
        }.output
        join([output, way], by: Multiply(), shape: shape)
    }
}
