import SwiftConvNet
import TestSupport
import Testing

/// What layers of one's own can be made of: operators whose values are read several times, are the same for all samples, or
/// have no reader. Outputs and gradients are those of the oracles.
@Suite("Lowering: values, parameters and their gradients")
struct LoweringTests {
    /// A layer by what it lowers to.
    struct Lowered: Layer {
        static let kind = "Lowered"
        let lowers: @Sendable (Value, inout Lowering) throws -> Value

        init(_ lowers: @escaping @Sendable (Value, inout Lowering) throws -> Value) { self.lowers = lowers }
        init(from decoder: any Decoder) throws { throw ConvNetError(.format, "A closure is in no file") }
        func encode(to encoder: any Encoder) throws {}

        func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
            [try lowers(lowering.single(inputs), &lowering)]
        }
    }

    private static func linear(_ x: Value, _ kernel: Value, _ lowering: inout Lowering) throws -> Value {
        try lowering.emit(Linear(hasBias: false), x, kernel)[0]
    }

    private static func dense(_ x: ReferenceTensor, _ kernel: ReferenceTensor) -> ReferenceTensor {
        Reference.dense(x, kernel: kernel, bias: nil)
    }

    @Test("One parameter, three times in a row", arguments: [1, 9])
    func threeTimes(batch: Int) throws {
        let layer = Lowered { x, lowering in
            var y = x
            for _ in 0..<3 {
                let kernel = try lowering.parameter("kernel", [4, 4], .glorotUniform)
                y = try lowering.activate(Self.linear(y, kernel, &lowering), .tanh)
            }
            return y
        }
        try LayerCase(name: "three times", layer: layer, inputs: [[4]], batch: batch) { inputs, parameters in
            (0..<3).reduce(inputs[0]) { y, _ in
                Reference.activate(Self.dense(y, parameters["kernel"] ?? y), .tanh)
            }
        }.check()
    }

    @Test(
        "One convolution on two branches, whatever computes it",
        arguments: [
            ComputeOptions.ConvolutionPath.im2col, .direct, .winograd2x2, .winograd4x4, .naive, .automatic,
        ],
        [1, 17]
    )
    func branches(path: ComputeOptions.ConvolutionPath, batch: Int) throws {
        let layer = Lowered { x, lowering in
            let kernel = try lowering.parameter("kernel", [3, 3, 2, 2], .glorotUniform)
            let convolution = Convolution(Sliding(strides: [1, 1], padding: .same), hasBias: false)
            let first = try lowering.emit(convolution, x, kernel)[0]
            let second = try lowering.emit(convolution, lowering.activate(x, .tanh), kernel)[0]
            return try lowering.emit(Sum(), first, second)[0]
        }
        try LayerCase(name: "siamese", layer: layer, inputs: [[6, 5, 2]], batch: batch) {
            inputs,
            parameters in
            func convolve(_ x: ReferenceTensor) -> ReferenceTensor {
                Reference.conv2D(
                    x,
                    kernel: parameters["kernel"] ?? x,
                    bias: nil,
                    strides: 1,
                    padding: .same,
                    dilation: 1,
                    groups: 1
                )
            }
            return Reference.add([convolve(inputs[0]), convolve(Reference.activate(inputs[0], .tanh))])
        }.check(options: ComputeOptions(convolutionPath: path))
    }

    @Test("A weight that is computed, and read twice", arguments: [1, 2, 9])
    func computedWeight(batch: Int) throws {
        let layer = Lowered { x, lowering in
            let kernel = try lowering.parameter("kernel", [3, 3], .glorotUniform)
            // The whole operator comes before all that is sample by sample, wherever it is emitted.
            let y = try lowering.activate(x, .sigmoid)
            let computed = try lowering.activate(kernel, .tanh)
            let once = try Self.linear(y, computed, &lowering)
            return try Self.linear(once, computed, &lowering)
        }
        try LayerCase(name: "computed", layer: layer, inputs: [[3]], batch: batch) { inputs, parameters in
            let computed = Reference.activate(parameters["kernel"] ?? inputs[0], .tanh)
            return Self.dense(Self.dense(Reference.activate(inputs[0], .sigmoid), computed), computed)
        }.check()
    }

    @Test("What all samples share is added, and joined, to what each has", arguments: [1, 9])
    func mixed(batch: Int) throws {
        let layer = Lowered { x, lowering in
            let offset = try lowering.parameter("offset", [2, 3], .zeros)
            let scale = lowering.constant(try ConstantTensor([1, -2, 3], shape: [3]))
            let sum = try lowering.emit(Sum(), x, offset, scale)[0]
            return try lowering.emit(Join(axis: 0), offset, sum)[0]
        }
        try LayerCase(name: "mixed", layer: layer, inputs: [[2, 3]], batch: batch) { inputs, parameters in
            let offset = parameters["offset"]?.elements ?? []
            let x = inputs[0]
            let scale = [1.0, -2, 3]
            var elements: [Double] = []
            for sample in 0..<x.shape[0] {
                elements += offset
                for place in 0..<6 {
                    elements.append(x.elements[sample * 6 + place] + offset[place] + scale[place % 3])
                }
            }
            return ReferenceTensor(shape: [x.shape[0], 4, 3], elements: elements)
        }.check()
    }

    /// The two halves of a sample, as two outputs.
    struct Halves: Operator {
        func outputs(for inputs: [ValueType]) -> [ValueType] {
            Array(repeating: ValueType([inputs[0].shape.elementCount / 2]), count: 2)
        }

        func kernel(at site: Site) -> any Kernel { Runner(count: site.outputs[0].shape.elementCount) }

        struct Runner: Kernel {
            let count: Int

            func forward() -> [Stage] {
                [
                    Stage(.samples) { context in
                        for sample in 0..<context.count {
                            for half in 0..<2 {
                                let source = context.input() + (2 * sample + half) * count
                                (context.output(half) + sample * count).update(from: source, count: count)
                            }
                        }
                    }
                ]
            }

            func backward() -> [Stage] {
                [
                    Stage(.samples) { context in
                        for sample in 0..<context.count {
                            for half in 0..<2 {
                                let target = context.inputGradient() + (2 * sample + half) * count
                                target.update(
                                    from: context.outputGradient(half) + sample * count,
                                    count: count
                                )
                            }
                        }
                    }
                ]
            }
        }
    }

    @Test("An operator with two outputs", arguments: [false, true], [1, 9])
    func halves(readsBoth: Bool, batch: Int) throws {
        let layer = Lowered { x, lowering in
            let halves = try lowering.emit(Halves(), lowering.activate(x, .tanh))
            // The gradient of an output that nobody reads is zero.
            guard readsBoth else { return halves[1] }
            return try lowering.emit(Sum(), halves[0], lowering.activate(halves[1], .sigmoid))[0]
        }
        try LayerCase(name: "halves", layer: layer, inputs: [[6]], batch: batch) { inputs, _ in
            let x = Reference.activate(inputs[0], .tanh)
            func half(_ index: Int) -> ReferenceTensor {
                ReferenceTensor(
                    shape: [x.shape[0], 3],
                    elements: (0..<x.shape[0]).flatMap { sample in
                        x.elements[(sample * 6 + index * 3)..<(sample * 6 + index * 3 + 3)]
                    }
                )
            }
            return readsBoth ? Reference.add([half(0), Reference.activate(half(1), .sigmoid)]) : half(1)
        }.check()
    }

    @Test("All samples as one tensor, and back", arguments: [1, 3, 17])
    func folded(batch: Int) throws {
        let layer = Lowered { x, lowering in
            let folded = try lowering.foldBatch(lowering.activate(x, .tanh))
            let scaled = try lowering.emit(Affine(scale: 3, offset: 1), folded)[0]
            let back = try lowering.unfoldBatch(scaled)
            return try lowering.emit(Sum(), back, x)[0]
        }
        try LayerCase(name: "folded", layer: layer, inputs: [[2, 3]], batch: batch) { inputs, _ in
            let x = Reference.activate(inputs[0], .tanh)
            return Reference.add([
                ReferenceTensor(shape: x.shape, elements: x.elements.map { 3 * $0 + 1 }), inputs[0],
            ])
        }.check()
    }

    /// Each sample less the mean of all, which it reads as one tensor.
    struct Centre: Operator {
        func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }
        func kernel(at site: Site) -> any Kernel {
            Runner(batch: site.batch, count: site.outputs[0].shape.elementCount)
        }

        struct Runner: Kernel {
            let batch: Int, count: Int

            func forward() -> [Stage] {
                [
                    Stage(.samples) { context in
                        for place in 0..<(context.count * count) {
                            var sum: Float = 0
                            for other in 0..<batch { sum += context.input(1)[other * count + place % count] }
                            context.output[place] = context.input()[place] - sum / Float(batch)
                        }
                    }
                ]
            }

            func backward() -> [Stage] {
                [
                    Stage(.samples) { context in
                        for place in 0..<(context.count * count) {
                            let gradient = context.outputGradient[place]
                            context.inputGradient()[place] = gradient
                            for other in 0..<batch {
                                context.inputGradient(1)[other * count + place % count] -=
                                    gradient / Float(batch)
                            }
                        }
                    }
                ]
            }
        }
    }

    @Test("A batch that is read as one tensor by every sample", arguments: [1, 3, 17])
    func foldedOperand(batch: Int) throws {
        let layer = Lowered { x, lowering in
            let y = try lowering.activate(x, .tanh)
            let centred = try lowering.emit(Centre(), y, lowering.foldBatch(y))[0]
            // Nobody but the kernel reads the fold of this one.
            return try lowering.emit(Centre(), x, lowering.foldBatch(lowering.activate(centred, .sigmoid)))[0]
        }
        var item = LayerCase(name: "folded operand", layer: layer, inputs: [[5]], batch: batch) { inputs, _ in
            func centre(_ x: ReferenceTensor, by y: ReferenceTensor) -> ReferenceTensor {
                let means = (0..<5).map { place in
                    (0..<y.shape[0]).reduce(0) { $0 + y.elements[$1 * 5 + place] } / Double(y.shape[0])
                }
                return ReferenceTensor(
                    shape: x.shape,
                    elements: x.elements.enumerated().map { $1 - means[$0 % 5] }
                )
            }
            let y = Reference.activate(inputs[0], .tanh)
            return centre(inputs[0], by: Reference.activate(centre(y, by: y), .sigmoid))
        }
        item.isSameInUse = false  // another batch has another mean
        try item.check()
    }

    @Test("Constants, one for each sample", arguments: [1, 3, 17])
    func unfoldedConstant(batch: Int) throws {
        let layer = Lowered { x, lowering in
            let numbers = (0..<(2 * lowering.batch)).map { Float($0) }
            let all = lowering.constant(try ConstantTensor(numbers, shape: [lowering.batch, 2]))
            return try lowering.emit(Sum(), x, lowering.unfoldBatch(all))[0]
        }
        var item = LayerCase(name: "constants", layer: layer, inputs: [[2]], batch: batch) { inputs, _ in
            ReferenceTensor(
                shape: inputs[0].shape,
                elements: inputs[0].elements.enumerated().map { Double($0) + $1 }
            )
        }
        item.isSameInUse = false  // the numbers count within a batch
        try item.check()
    }

    /// The product of its inputs.
    struct Product: SampleLayer {
        static let kind = "Product"
        func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
        func forward(_ sample: SampleContext) {
            for i in sample.output.indices { sample.output[i] = sample.input(0)[i] * sample.input(1)[i] }
        }
        func backward(_ sample: SampleContext) {
            for i in sample.outputGradient.indices {
                sample.inputGradient(0)[i] = sample.outputGradient[i] * sample.input(1)[i]
                sample.inputGradient(1)[i] = sample.outputGradient[i] * sample.input(0)[i]
            }
        }
    }

    @Test("A SampleLayer stores the gradient of an input that all samples share", arguments: [1, 9])
    func sharedInput(batch: Int) throws {
        let layer = Lowered { x, lowering in
            let factor = try lowering.parameter("factor", [3], .ones)
            return try lowering.apply(Product(), lowering.activate(x, .tanh), factor, named: "product")[0]
        }
        try LayerCase(name: "shared input", layer: layer, inputs: [[3]], batch: batch) { inputs, parameters in
            let x = Reference.activate(inputs[0], .tanh), factor = parameters["factor"]?.elements ?? []
            return ReferenceTensor(
                shape: x.shape,
                elements: x.elements.enumerated().map { $1 * factor[$0 % 3] }
            )
        }.check()
    }

    @Test(
        "Weights whose gradient nobody needs",
        arguments: [
            ComputeOptions.ConvolutionPath.im2col, .direct, .winograd2x2, .winograd4x4, .naive, .automatic,
        ],
        [false, true]
    )
    func constantWeights(path: ComputeOptions.ConvolutionPath, learnsBias: Bool) throws {
        let numbers = (0..<36).map { Float(($0 * 7) % 11) / 11 - 0.5 }
        let layer = Lowered { x, lowering in
            let kernel = lowering.constant(try ConstantTensor(numbers, shape: [3, 3, 2, 2]))
            let bias =
                learnsBias
                ? try lowering.parameter("bias", [2], .zeros)
                : lowering.constant(try ConstantTensor([0.25, -1], shape: [2]))
            let convolution = Convolution(Sliding(strides: [1, 1], padding: .same), hasBias: true)
            return try lowering.activate(lowering.emit(convolution, x, kernel, bias)[0], .tanh)
        }
        for batch in [1, 17] {
            try LayerCase(name: "constant weights", layer: layer, inputs: [[6, 5, 2]], batch: batch) {
                inputs,
                parameters in
                let kernel = ReferenceTensor(shape: [3, 3, 2, 2], elements: numbers.map(Double.init))
                let bias = parameters["bias"] ?? ReferenceTensor(shape: [2], elements: [0.25, -1])
                return Reference.activate(
                    Reference.conv2D(inputs[0], kernel: kernel, bias: bias, padding: .same),
                    .tanh
                )
            }.check(options: ComputeOptions(convolutionPath: path))
        }
    }

    @Test(
        "Padding of another size on every side, as files of other libraries have it",
        arguments: [ComputeOptions.ConvolutionPath.im2col, .direct, .winograd2x2, .naive, .automatic]
    )
    func unevenPadding(path: ComputeOptions.ConvolutionPath) throws {
        let layer = Lowered { x, lowering in
            let kernel = try lowering.parameter("kernel", [3, 3, 2, 3], .glorotUniform)
            let sides = [AxisPadding.sides(before: 2, after: 0), .sides(before: 0, after: 1)]
            return try lowering.emit(
                Convolution(Sliding(strides: [1, 1], padding: sides), hasBias: false),
                x,
                kernel
            )[0]
        }
        try LayerCase(name: "uneven", layer: layer, inputs: [[5, 4, 2]], batch: 3) { inputs, parameters in
            let padded = Reference.zeroPad(inputs[0], top: 2, bottom: 0, left: 0, right: 1)
            return Reference.conv2D(padded, kernel: parameters["kernel"] ?? padded, bias: nil)
        }.check(options: ComputeOptions(convolutionPath: path))
    }

    @Test("A prediction that depends on no sample is an error")
    func noSample() throws {
        // Models are made with two samples at first.
        let layer = Lowered { _, lowering in
            lowering.constant(
                try ConstantTensor(
                    Array(repeating: 1, count: 2 * lowering.batch),
                    shape: [lowering.batch, 2]
                )
            )
        }
        let model = try Sequential(inputShape: [3], layers: [layer])
        let error = #expect(throws: ConvNetError.self) { try model.predict(Tensor(zeros: [4, 3])) }
        #expect(error?.kind == .argument)
        struct Twins: SampleLayer {
            static let kind = "Twins"
            func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
            func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
                [
                    ParameterSpec("w", shape: [1], initializer: .ones),
                    ParameterSpec("w", shape: [1], initializer: .ones),
                ]
            }
            func forward(_ sample: SampleContext) {}
            func backward(_ sample: SampleContext) {}
        }
        let twins = #expect(throws: ConvNetError.self) { try Sequential(inputShape: [3], layers: [Twins()]) }
        #expect(twins?.description.contains("share a name") == true)
    }

    @Test("The same bits on any number of workers")
    func workers() throws {
        let layer = Lowered { x, lowering in
            let kernel = try lowering.parameter("kernel", [4, 4], .glorotUniform)
            let computed = try lowering.activate(kernel, .tanh)
            let folded = try lowering.foldBatch(Self.linear(x, computed, &lowering))
            let back = try lowering.unfoldBatch(lowering.emit(Affine(scale: 2, offset: 0), folded)[0])
            return try lowering.emit(Sum(), Self.linear(back, computed, &lowering), kernel)[0]
        }
        let x = try TestValues.distinct([21, 4], seed: 3), y = try TestValues.distinct([21, 4, 4], seed: 4)
        let gradients = try [1, 2, 3, 8].map { threads in
            let model = try Sequential(
                inputShape: [4],
                layers: [layer],
                seed: 5,
                options: ComputeOptions(threads: threads)
            )
            try model.compile(loss: .meanSquaredError())
            return try model.gradients(x, y).parameters
        }
        for other in gradients.dropFirst() { #expect(other == gradients[0]) }
    }

    /// Doubles its input, and has no way back.
    struct OneWay: Operator {
        func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }
        func kernel(at site: Site) -> any Kernel { Runner(count: site.outputs[0].shape.elementCount) }

        struct Runner: Kernel {
            let count: Int
            func forward() -> [Stage] {
                [
                    Stage(.samples) { context in
                        for place in 0..<(context.count * count) {
                            context.output[place] = 2 * context.input()[place]
                        }
                    }
                ]
            }
            func backward() -> [Stage] { [] }
        }
    }

    @Test("A gradient that is needed, and that no kernel makes, is an error that names the layer")
    func withoutWayBack() throws {
        let x = try TestValues.distinct([4, 3], seed: 3), y = try TestValues.distinct([4, 2], seed: 4)
        let oneWay = Lowered { x, lowering in try lowering.emit(OneWay(), x)[0] }
        let fine = try Sequential(inputShape: [3], layers: [oneWay, Dense(units: 2)])
        try fine.compile(loss: .meanSquaredError())
        _ = try fine.gradients(x, y)
        let model = try Sequential(inputShape: [3], layers: [Dense(units: 3), oneWay, Dense(units: 2)])
        try model.compile(loss: .meanSquaredError())
        _ = try model.predict(x)
        let error = #expect(throws: ConvNetError.self) { try model.gradients(x, y) }
        #expect(error?.kind == .argument)
        #expect(error?.location == "layer lowered")
    }

    @Test("A layer made of layers names their parameters")
    func nested() throws {
        struct Block: Layer {
            static let kind = "Block"
            func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
                let x = try lowering.single(inputs)
                let y = try lowering.apply(Dense(units: 3, activation: .tanh), x, named: "first")[0]
                return try lowering.apply(Dense(units: 3), y, named: "second")
            }
        }
        let model = try Sequential(inputShape: [3], layers: [Block()])
        #expect(
            model.parameters.map(\.name) == [
                "block/first/kernel", "block/first/bias", "block/second/kernel", "block/second/bias",
            ]
        )
        let misfit = #expect(throws: ConvNetError.self) {
            try Sequential(
                inputShape: [3],
                layers: [
                    Lowered { x, lowering in
                        _ = try lowering.parameter("kernel", [3], .zeros)
                        return try lowering.emit(Sum(), x, lowering.parameter("kernel", [4], .zeros))[0]
                    }
                ]
            )
        }
        #expect(misfit?.kind == .shape)
        #expect(misfit?.description.contains("layer 1 (lowered)") == true)
    }

    @Test("Constants are folded: what is known is not computed again")
    func constants() throws {
        var lowering = Lowering(batch: 2, mode: .inference)
        let constant = lowering.constant(try ConstantTensor([1, 2, 3, 4], shape: [4]))
        let viewed = try lowering.emit(View([2, 2]), constant)[0]
        #expect(viewed.constant?.floats == [1, 2, 3, 4])
        #expect(viewed.shape == [2, 2])
        #expect(lowering.graph.operations.isEmpty)
        #expect(throws: ConvNetError.self) { try ConstantTensor([1], shape: [2]) }
    }
}
