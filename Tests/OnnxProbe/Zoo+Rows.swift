import ConvNetInterop

extension Zoo {
    private static let activations: [(String, ActivationFunction)] = [
        ("relu", .relu), ("sigmoid", .sigmoid), ("tanh", .tanh), ("softmax", .softmax),
        ("leaky_relu", .leakyReLU(negativeSlope: 0.1)), ("elu", .elu(alpha: 0.7)), ("gelu", .gelu()),
        ("gelu_tanh", .gelu(approximate: true)), ("silu", .silu), ("softplus", .softplus), ("relu6", .relu6),
        ("clipped", .clippedReLU(negativeSlope: 0, maxValue: 0.5, threshold: 0)),
        ("bent", .clippedReLU(negativeSlope: 0.2, maxValue: 0.8, threshold: 0.3)),
        ("threshold_alone", .clippedReLU(negativeSlope: 0.1, maxValue: nil, threshold: 0.2)), ("selu", .selu),
        ("celu", .celu(alpha: 0.6)), ("log_softmax", .logSoftmax), ("sparsemax", .sparsemax),
        ("log_sigmoid", .logSigmoid), ("sparse_sigmoid", .sparseSigmoid), ("hard_sigmoid", .hardSigmoid),
        ("hard_tanh", .hardTanh), ("tanh_shrink", .tanhShrink), ("sparse_plus", .sparsePlus),
        ("squareplus", .squareplus(b: 2)), ("softsign", .softsign), ("hard_silu", .hardSilu), ("glu", .glu),
        ("mish", .mish), ("soft_shrink", .softShrink(threshold: 0.3)),
        ("hard_shrink", .hardShrink(threshold: 0.3)),
        ("threshold", .threshold(threshold: 0.1, defaultValue: -2)), ("exponential", .exponential),
    ]

    mutating func addFunctions() {
        graph("activations", [5, 6]) { x in
            let y = Rescaling(4)(x)
            return Self.activations.map { Activation($0.1, name: $0.0)(y) }
        }
        graph("activations_of_images", [4, 5, 6]) { x in
            let y = Conv2D(filters: 6, kernelSize: 1)(x)
            return Self.activations.map { Activation($0.1, name: $0.0)(y) }
        }
        chain(
            "activation_layers",
            [6, 5, 4],
            [
                ReLU(maxValue: 0.9, negativeSlope: 0.1), LeakyReLU(), PReLU(), ELU(alpha: 0.5),
                Conv2D(filters: 4, kernelSize: 1),
                PReLU(sharedAxes: [1, 2]), Softmax(axis: 1), Softmax(axis: [1, 2]), Softmax(),
            ]
        )
        chain(
            "dense",
            [7],
            [Dense(5, activation: .relu), Dense(4, useBias: false), Dense(3, activation: .softmax)]
        )
        chain("dense_of_rows", [4, 7], [Dense(5, activation: .selu), Dense(3, useBias: false)])
        chain(
            "rescaling",
            [6, 5, 3],
            [Rescaling(scale: [1, 2, 0.5], offset: [0.1, 0, -1]), Rescaling(0.5, offset: 1)]
        )
        chain(
            "normalization",
            [6, 5, 3],
            [
                Normalization(), Normalization(axis: [1, 3]),
                Normalization(axis: nil, mean: [0.2], variance: [2], invert: true),
            ]
        )
        chain("whitening", [3, 4], [Whitening()])
        graph("discretization", [6]) { x in
            let edges: [Float] = [-0.5, 0, 0.25]
            return [
                Discretization(binBoundaries: edges)(x),
                Discretization(binBoundaries: edges, outputMode: .oneHot)(x),
                Discretization(binBoundaries: edges, outputMode: .count)(x),
            ]
        }
        graph("category_encoding", [4], of: .categories(6)) { x in
            [
                CategoryEncoding(numTokens: 6)(x), CategoryEncoding(numTokens: 6, outputMode: .oneHot)(x),
                CategoryEncoding(numTokens: 5, outputMode: .count)(x),
            ]
        }
        chain(
            "only_in_training",
            [6, 6, 3],
            [
                Dropout(0.5), GaussianNoise(stddev: 1), GaussianDropout(rate: 0.5), AlphaDropout(rate: 0.5),
                SpatialDropout2D(rate: 0.5), ActivityRegularization(l2: 0.1), RandomFlip(),
                RandomRotation(factor: 0.2),
                Identity(), Dense(2),
            ]
        )
    }

    mutating func addSequences() {
        chain(
            "embedding",
            [6],
            of: .categories(9),
            [
                Embedding(inputDim: 9, outputDim: 4), PositionEmbedding(), LayerNormalization(),
                LayerScale(initValues: 0.3),
                Flatten(), Dense(3),
            ]
        )
        graph("attention", [5, 8]) { x in
            let y = MultiHeadAttention(numHeads: 2, keyDim: 3)(x, x)
            let z = MultiHeadAttention(numHeads: 2, keyDim: 3, valueDim: 4, useBias: false, outputShape: [6])(
                y,
                x
            )
            return [Dense(4)(z), Add()(x, y)]
        }
        chain(
            "einsum_dense",
            [5, 4],
            [
                EinsumDense(
                    equation: "abc,cd->abd",
                    outputShape: [nil, 6],
                    activation: .relu,
                    biasAxes: "d"
                ),
                EinsumDense(equation: "abc,bcd->acd", outputShape: [6, 3]),
            ]
        )
        chain(
            "convolved_sequence",
            [10, 3],
            [
                Conv1D(filters: 4, kernelSize: 3, activation: .relu), BatchNormalization(),
                SpatialDropout1D(rate: 0.2), GlobalAveragePooling1D(), Dense(2),
            ]
        )
    }

    mutating func addCombinations() {
        graph("merging", [6, 5, 4]) { x in
            let a = Conv2D(filters: 4, kernelSize: 3, padding: .same, activation: .relu)(x)
            let b = Conv2D(filters: 4, kernelSize: 1)(x), c = Dense(4)(x)
            return [
                Add()(a, b), Add()(a, b, c), Average()(a, c), Maximum()(a, b, c), Minimum()(b, c),
                Multiply()(a, c),
                Subtract()(a, b), Concatenate()(a, b, x), Concatenate(axis: 1)(a, c),
            ]
        }
        graph("broadcasting", [6, 5, 4]) { x in
            let row = GlobalAveragePooling2D()(x), gate = Dense(4, activation: .sigmoid)(row)
            let a = Conv2D(filters: 4, kernelSize: 1)(x)
            return [
                Multiply()(a, Reshape([1, 1, 4])(gate)), Add()(a, GlobalMaxPooling2D(keepDims: true)(a)),
            ]
        }
        graph("dot", [4, 6]) { x in
            let a = Dense(6)(x)
            return [Dot(axes: 2)(x, a), Dot(axes: [1, 1], normalize: true)(x, a)]
        }
        graph("closures", [6, 5, 4]) { x in
            let a = Conv2D(filters: 4, kernelSize: 1)(x)
            let rows = Lambda { x, ops in
                let y = try ops.subtract(x, ops.mean(x, axes: [0, 1], keepDims: true))
                return try ops.divide(y, ops.add(ops.sqrt(ops.variance(x, axes: [0, 1], keepDims: true)), 1))
            }
            let parts = Lambda { x, ops in
                let flipped = try ops.flip(x, axes: [1])
                let taken = try ops.slice(
                    flipped,
                    startIndices: [5, 0, 1],
                    shape: [3, 2, 2],
                    steps: [-2, 3, 1]
                )
                return try ops.tile(ops.repeated(taken, repeats: 2, axis: 2), repeats: [1, 2, 1])
            }
            let functions = Lambda { x, ops in
                let y = try ops.add(ops.abs(x), 0.5)
                let z = try ops.add(ops.power(y, 1.5), ops.multiply(ops.sin(x), ops.cos(x)))
                let w = try ops.add(ops.log(y), ops.multiply(ops.rsqrt(y), ops.sign(x)))
                return try ops.maximum(ops.minimum(ops.add(z, ops.exp(w)), 3), ops.reciprocal(y))
            }
            let reductions = Lambda { x, ops in
                try ops.add(
                    ops.sum(x, axes: [1]),
                    ops.add(
                        ops.max(x, axes: [1]),
                        ops.multiply(ops.min(x, axes: [1]), ops.prod(x, axes: [1]))
                    )
                )
            }
            let softmaxes = Lambda { x, ops in
                try ops.add(ops.softmax(x, axis: 0), ops.logSoftmax(x, axis: 1))
            }
            let products = Lambda { x, ops in
                let y = try ops.transpose(x, axes: [0, 2, 1])
                return try ops.matmul(y, x)
            }
            return [rows, parts, functions, reductions, softmaxes, products].map { $0(a) }
        }
        model("two_inputs") {
            let left = Input(shape: [6, 6, 2], name: "left"), right = Input(shape: [4], name: "right")
            let features = Flatten()(
                MaxPooling2D()(Conv2D(filters: 3, kernelSize: 3, activation: .relu)(left))
            )
            let joined = Concatenate()(features, Dense(5, activation: .tanh)(right))
            return try Model(
                inputs: [left, right],
                outputs: [
                    Dense(3, activation: .softmax, name: "class")(joined), Dense(1, name: "value")(joined),
                ]
            )
        }
        model("nested_and_shared") {
            let encoder = try Sequential(inputShape: [6, 6, 2], name: "encoder") {
                Conv2D(filters: 3, kernelSize: 3, activation: .relu)
                BatchNormalization()
                GlobalAveragePooling2D()
            }
            let x = Input(shape: [6, 6, 2], name: "x")
            let flipped = Permute(dims: [2, 1, 3])(x)
            let both = Subtract()(encoder(x), encoder(flipped))
            return try Model(inputs: [x], outputs: [Dense(2)(both), x, both])
        }
    }
}
