/// Parameters whose values the file has, and which nodes share them.
extension GraphImport {
    /// A weight of a layer.
    struct Weight {
        /// Its name in the file.
        let name: String
        var layer = "", parameter: String
        let tensor: KnownTensor
        /// The order of ONNX' axes in which it is kept.
        var order: [Int]
        let isTrainable: Bool
        /// The axes of the image whose flat elements its rows weigh, channels first: rows are kept channels last.
        let rows: [Int]?

        init(
            name: String,
            parameter: String,
            tensor: KnownTensor,
            order: [Int],
            isTrainable: Bool,
            rows: [Int]? = nil
        ) {
            self.name = name
            self.parameter = parameter
            self.tensor = tensor
            self.order = order
            self.isTrainable = isTrainable
            self.rows = rows
        }

        /// Writes the values to memory as the layer keeps them.
        ///
        /// - Parameter scratch: memory for values whose axes change their order, for one weight after the other.
        func copy(
            in folder: String,
            to values: UnsafeMutableBufferPointer<Float>,
            through scratch: inout AlignedBuffer
        ) throws {
            let (sizes, order) = axes
            if order.isPlain { return try tensor.copy(in: folder, to: values) }
            guard let target = values.baseAddress else { return }
            let byteCount = values.count * MemoryLayout<Float>.stride
            if scratch.byteCount < byteCount {
                scratch = .empty
                scratch = try AlignedBuffer(lasting: byteCount, for: "the weight \(name)")
            }
            try tensor.copy(
                in: folder,
                to: UnsafeMutableBufferPointer(start: scratch.floats, count: values.count)
            )
            Tensor.copy(scratch.floats, Shape(sizes), transposed: order, to: target)
        }

        /// The axes in the file, of which one may be several of an image, and the order in which the layer has them.
        private var axes: (sizes: [Int], order: [Int]) {
            guard let rows else { return (tensor.dims, order) }
            let first = order[0], added = rows.count - 1
            let image = first..<(first + rows.count)
            return (
                tensor.dims[..<first] + rows + tensor.dims[(first + 1)...],
                image.dropFirst() + [first] + order.dropFirst().map { $0 < first ? $0 : $0 + added }
            )
        }
    }

    /// All that makes two nodes one layer: what they do, and which weights they read.
    struct LayerKey: Hashable {
        private let operatorType: String, domain: String
        private let settings: NodeSettings
        private let operands: [ONNXOperator.Operand]
        private let outputCount: Int
        /// Whether training changes one of its weights: else two nodes need not be the same layer.
        let learns: Bool
        private let weights: [Int: String], rows: [Int: [Int]]
        /// The axes of the input, of a layer of the catalogue.
        private let rank: Int?

        init(_ layer: ONNXOperator, _ weights: [Int: Weight], rank: Int?) {
            operatorType = layer.operatorType
            domain = layer.domain
            settings = layer.settings
            // The order of an input is not the layer's matter where the catalogue has one: it is brought to the layer's.
            operands = layer.operands.filter { if case .input = $0, rank != nil { false } else { true } }
            outputCount = layer.outputCount
            learns = weights.values.contains(where: \.isTrainable)
            self.weights = weights.mapValues(\.name)
            rows = weights.compactMapValues(\.rows)
            self.rank = rank
        }
    }

    /// Operators that only move elements: what they make of a weight is that weight. A copy by Identity is a weight of its own, for
    /// exporters write equal weights once and copy them.
    static let moves: Set<String> = ["Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"]

    /// Gives the parameters of a new model the values of the file.
    func loadWeights(into model: Model) throws {
        let store = model.store
        var pending = Dictionary(
            store.entries.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var scratch = AlignedBuffer.empty
        for weight in weights {
            // Layers on which no output depends are not part of the model.
            guard let index = pending.removeValue(forKey: "\(weight.layer)/\(weight.parameter)") else {
                continue
            }
            let entry = store.entries[index]
            guard entry.count == weight.tensor.count else {
                throw ConvNetError(
                    .shape,
                    "A weight does not fill the parameter of its layer",
                    at: "weight \"\(weight.name)\", \(entry.name)",
                    expected: "\(entry.count) elements",
                    received: "\(weight.tensor.dims)"
                )
            }
            try entry.parameter.withMutableValues {
                try weight.copy(in: folder, to: $0, through: &scratch)
            }
        }
        if !pending.isEmpty { try store.initialize(Set(pending.values), seed: model.seed) }
    }

    /// Notes which layer reads weights, and which weights another layer has read before it.
    func noteReaders(_ weights: [Int: Weight], _ key: LayerKey) {
        for weight in weights.values where weight.isTrainable {
            let origin = weight.tensor.origin ?? weight.name
            if let other = readers[origin], other != key { foundShared.insert(origin) }
            readers[origin] = key
        }
    }

    /// Keeps a layer that learns, for nodes that read the same weights.
    func remember(_ layer: SharedLayer, _ key: LayerKey) {
        if key.learns { layers[key] = layer }
    }

    /// The layer that holds a weight which layers of different kinds read.
    func sharedParameter(_ name: String, _ tensor: KnownTensor, _ order: [Int]) throws -> Traced {
        if let made = sharedParameters[name] { return made }
        var layer = operatorLayer("Identity", NodeSettings(), 1)
        layer.operands = [.parameter(name: "value", dims: tensor.dims, order: order, isTrainable: true)]
        let output = try lower(layer, [], label: name)[0]
        var weight = Weight(name: name, parameter: "value", tensor: tensor, order: order, isTrainable: true)
        weight.layer = output.name
        weights.append(weight)
        let made = Traced(output: output.output, value: output.value, origins: [])
        sharedParameters[name] = made
        return made
    }
}
