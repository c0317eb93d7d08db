import SwiftConvNet
import TestSupport
import Testing

@Suite("Operators: outputs and gradients against the oracles, and the same bits on any number of workers")
struct OperatorTests {
    @Test(arguments: OperatorCase.functions)
    func functions(_ item: OperatorCase) throws { try check(item) }

    @Test(arguments: OperatorCase.binary)
    func binary(_ item: OperatorCase) throws { try check(item) }

    @Test(arguments: OperatorCase.reductions)
    func reductions(_ item: OperatorCase) throws { try check(item) }

    @Test(arguments: OperatorCase.softmax)
    func softmax(_ item: OperatorCase) throws { try check(item) }

    @Test(arguments: OperatorCase.products)
    func products(_ item: OperatorCase) throws { try check(item) }

    @Test(arguments: OperatorCase.products, [GEMMPath.naive, .blocked])
    func products(_ item: OperatorCase, by path: GEMMPath) throws {
        try item.layerCase(batch: 2).check(options: ComputeOptions(gemmPath: path))
    }

    @Test(arguments: OperatorCase.matrixProducts)
    func matrixProducts(_ item: OperatorCase) throws { try check(item) }

    @Test(arguments: OperatorCase.gathers)
    func gathers(_ item: OperatorCase) throws { try check(item) }

    private func check(_ item: OperatorCase) throws {
        // One sample; and more samples than shards, of which some tiles hold two.
        for batch in [1, 19] { try item.layerCase(batch: batch).check() }
    }

    @Test(
        "the same bits on 1 to 8 workers",
        arguments: OperatorCase.functions.prefix(3)
            + OperatorCase.binary.filter { $0.name.hasPrefix("multiply") }
            + OperatorCase.reductions.filter { $0.name.hasPrefix("m") } + OperatorCase.softmax
            + OperatorCase.products + OperatorCase.gathers
    )
    func workers(_ item: OperatorCase) throws {
        let one = try item.gradients(batch: 37, threads: 1)
        for threads in [2, 3, 8] {
            let other = try item.gradients(batch: 37, threads: threads)
            #expect(other.0 == one.0 && other.1 == one.1, "\(threads) workers")
        }
    }

    @Test("Sums of products over random axes are those of the definition")
    func randomProducts() throws {
        var random = RandomStream(seed: 3, purpose: .user)
        var counts: [Int: Int] = [:]
        for _ in 0..<60 {
            // Each letter is in two or three of the places.
            let letters = Array("abcdef".prefix(2 + Int(random.nextWord() % 5)))
            var places: [[Character]] = [[], [], []]
            var sizes: [Character: Int] = [:]
            for letter in letters {
                sizes[letter] = 1 + Int(random.nextWord() % 4)
                let missing = Int(random.nextWord() % 4)
                for place in 0..<3 where place != missing { places[place].append(letter) }
            }
            for place in 0..<3 {
                let order = random.permutation(of: places[place].count)
                places[place] = order.map { places[place][$0] }
            }
            guard places.allSatisfy({ !$0.isEmpty }) else { continue }
            counts[letters.count, default: 0] += 1
            let text = places.map { String($0) }
            let shapes = places.map { Shape($0.compactMap { sizes[$0] }) }
            let equation = "\(text[0]),\(text[1])->\(text[2])"
            try OperatorCase(
                name: equation,
                inputs: [shapes[0], shapes[1]],
                lower: { inputs, ops in try ops.einsum(equation, inputs[0], inputs[1]) },
                oracle: { inputs, _ in
                    Reference.einsum("*\(text[0]),*\(text[1])->*\(text[2])", inputs[0], inputs[1])
                }
            ).layerCase(batch: 3).check()
        }
        #expect(counts.values.reduce(0, +) > 30)
    }

    @Test("Constants are folded: what is known is not computed again")
    func constants() throws {
        var ops = Lowering(batch: 2, mode: .inference)
        let x = ops.constant(try ConstantTensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
        let y = ops.constant(try ConstantTensor([1, 10], shape: [2, 1]))
        #expect(try ops.multiply(x, y).constant?.floats == [1, 2, 3, 40, 50, 60])
        #expect(try ops.square(x).constant?.floats == [1, 4, 9, 16, 25, 36])
        #expect(try ops.sum(x, axes: [0]).constant?.floats == [5, 7, 9])
        #expect(try ops.mean(x, axes: [1], keepDims: true).constant?.floats == [2, 5])
        #expect(ops.graph.operations.isEmpty)
    }

    @Test("Equal elements: a maximum of two gives the gradient to the first, a reduction divides it")
    func ties() throws {
        func gradient(_ layer: Lambda, _ x: [Float]) throws -> [Float] {
            let model = try Sequential(inputShape: [x.count], layers: [layer])
            let shape = model.outputShape.batched(1)
            return try TrainingPass(
                model,
                Tensor(x, shape: [1, x.count]),
                upstream: Tensor(Array(repeating: 6, count: shape.elementCount), shape: shape)
            ).sampleGradient.elements
        }
        let maximum = Lambda { x, ops in try ops.maximum(x, ops.multiply(x, 1)) }
        #expect(try gradient(maximum, [1, -2]) == [6, 6])
        let largest = Lambda { x, ops in try ops.max(x, axes: [0], keepDims: true) }
        #expect(try gradient(largest, [1, 3, 3, 2, 3]) == [0, 2, 2, 0, 2])
        let smallest = Lambda { x, ops in try ops.min(x, axes: [0], keepDims: true) }
        #expect(try gradient(smallest, [1, 3, 1]) == [3, 0, 3])
        // A product's slope at one zero is the product of the others; at two it is 0.
        let product = Lambda { x, ops in try ops.prod(x, axes: [0], keepDims: true) }
        #expect(try gradient(product, [2, 0, 3]) == [0, 36, 0])
        #expect(try gradient(product, [2, 0, 0]) == [0, 0, 0])
        #expect(try gradient(product, [2, 1, 3]) == [18, 36, 12])
    }

    @Test("What no table has is NaN")
    func noRow() throws {
        let layer = Lambda { x, ops in
            try ops.take(ops.constant(ConstantTensor([5, 6, 7], shape: [3, 1])), x)
        }
        let model = try Sequential(inputShape: [6], layers: [layer])
        let rows = try model.predict(Tensor([0, 2, 3, -1, 0.5, 1], shape: [1, 6])).elements
        #expect(rows[0] == 5 && rows[1] == 7 && rows[5] == 6)
        #expect(rows[2].isNaN && rows[3].isNaN && rows[4].isNaN)
    }

    /// What a closure over a value of shape [2, 3] gets wrong.
    struct Misfit: Sendable {
        let message: String
        let kind: ConvNetError.Kind
        let lower: @Sendable (Value, inout Lowering) throws -> Value

        init(
            _ message: String,
            _ kind: ConvNetError.Kind,
            _ lower: @escaping @Sendable (Value, inout Lowering) throws -> Value
        ) {
            self.message = message
            self.kind = kind
            self.lower = lower
        }
    }

    static let wrong = [
        Misfit("equation", .argument) { x, ops in try ops.einsum("ab,bc", x, x) },
        Misfit("once in each place", .argument) { x, ops in try ops.einsum("aa,ab->b", x, x) },
        Misfit("one size for each letter", .shape) { x, ops in try ops.einsum("ab,bc->ac", x, x) },
        Misfit("an axis for each letter", .shape) { x, ops in try ops.einsum("a,ab->b", x, x) },
        Misfit("do not fit", .shape) { x, ops in try ops.matmul(x, x) },
        Misfit("[[2, 3], [3, 2]]", .shape) { x, ops in try ops.multiply(x, ops.reshape(x, [3, 2])) },
        Misfit("axes", .argument) { x, ops in try ops.sum(x, axes: [2]) },
        Misfit("each once", .argument) { x, ops in try ops.max(x, axes: [0, -2]) },
        Misfit("axes", .argument) { x, ops in try ops.softmax(x, axis: -3) },
        Misfit("6", .shape) { x, ops in try ops.reshape(x, [5]) },
    ]

    @Test("Operands that do not fit are errors", arguments: wrong)
    func misfits(_ item: Misfit) throws {
        let error = try #require(throws: ConvNetError.self) {
            _ = try Sequential(inputShape: [2, 3], layers: [Lambda(item.lower)])
        }
        #expect(error.kind == item.kind)
        #expect(error.description.contains(item.message), "\(error)")
        #expect(error.location?.hasPrefix("layer 1 (lambda)") == true)
    }
}
