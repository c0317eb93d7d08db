import ConvNetInterop

/// Models over the whole catalogue of layers, which are written as ONNX files.
struct Zoo {
    /// What the inputs of a model hold.
    enum Content {
        /// Numbers in -1...1.
        case numbers
        /// Numbers in 0...255.
        case pixels
        /// Whole numbers in `0..<count`.
        case categories(Int)

        func tensor(_ shape: Shape, seed: UInt64) throws -> Tensor {
            var random = RandomStream(seed: seed, purpose: .initialization, 1)
            return try Tensor(
                shape: shape,
                initializingWith: { buffer in
                    for index in buffer.indices {
                        let share = random.nextUniform()
                        switch self {
                        case .numbers: buffer[index] = 2 * share - 1
                        case .pixels: buffer[index] = 255 * share
                        case .categories(let count): buffer[index] = (share * Float(count)).rounded(.down)
                        }
                    }
                }
            )
        }
    }

    /// A model.
    struct Entry {
        let name: String
        let input: Content
        let make: () throws -> Model
    }

    /// Gives all parameters random values, so that no initial 0 or 1 hides a mistake; those of variances and factors are near 1.
    static func randomize(_ model: Model) throws {
        var values: [String: Tensor] = [:]
        for (index, parameter) in model.parameters.enumerated() {
            var random = RandomStream(seed: 5, purpose: .initialization, UInt32(index))
            let shape = parameter.values.shape, name = parameter.name.split(separator: "/").last ?? ""
            let isNearOne = ["gamma", "moving_variance", "variance", "scale"].contains(String(name))
            let fan = shape.rank > 1 ? shape.elementCount / (shape.last ?? 1) : 10
            let width = (3 / Float(max(fan, 1))).squareRoot()
            values[parameter.name] = try Tensor(
                shape: shape,
                initializingWith: { buffer in
                    for place in buffer.indices {
                        buffer[place] =
                            isNearOne ? random.uniform(in: 0.5..<1.5) : random.uniform(in: -width..<width)
                    }
                }
            )
        }
        try model.setParameters(values)
    }

    private(set) var entries: [Entry] = []

    /// All models.
    static var models: [Entry] {
        var zoo = Zoo()
        zoo.addConvolutions()
        zoo.addPooling()
        zoo.addNormalizations()
        zoo.addShapes()
        zoo.addFunctions()
        zoo.addSequences()
        zoo.addCombinations()
        zoo.addApplications()
        return zoo.entries
    }

    /// Adds a model that a closure makes.
    mutating func model(_ name: String, of input: Content = .numbers, _ make: @escaping () throws -> Model) {
        entries.append(Entry(name: name, input: input, make: make))
    }

    /// Adds a chain of layers.
    mutating func chain(
        _ name: String,
        _ shape: Shape,
        of input: Content = .numbers,
        _ layers: [any Applicable]
    ) {
        model(name, of: input) { try Sequential(inputShape: shape, layers: layers) }
    }

    /// Adds a model of some outputs of one input.
    mutating func graph(
        _ name: String,
        _ shape: Shape,
        of input: Content = .numbers,
        _ outputs: @escaping (LayerOutput) throws -> [LayerOutput]
    ) {
        model(name, of: input) {
            let x = Input(shape: shape, name: "x")
            return try Model(inputs: [x], outputs: outputs(x))
        }
    }
}
