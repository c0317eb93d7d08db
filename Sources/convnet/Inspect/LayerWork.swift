import ConvNetInterop
import SwiftConvNet

/// The floating-point operations of the layers that multiply with weights, for one sample.
struct LayerWork {
    /// By the names of layers: a multiplication and an addition for each weight that an output needs. What other layers compute is not
    /// counted, nor are biases and activations.
    let operations: [String: Double]

    /// The operators of ONNX that use each weight once for a place, as layers of the catalogue do.
    private static let countedOperators: Set = ["Conv", "ConvTranspose", "Gemm", "MatMul"]

    init(of model: Model) {
        let graph = model.graph
        var kernels: [String: [Shape]] = [:]
        for parameter in model.parameters {
            guard let slash = parameter.name.lastIndex(of: "/") else { continue }
            let layer = String(parameter.name[..<slash])
            let isKernel = parameter.name[slash...].contains("kernel")
            if isKernel, parameter.values.shape.rank >= 2 {
                kernels[layer, default: []].append(parameter.values.shape)
            }
        }
        var operations: [String: Double] = [:]
        for node in graph.nodes {
            let layer = graph.layers[node.layer]
            guard let shapes = kernels[layer.name], let source = node.inputs.first else { continue }
            let onnx = ONNXOperatorFacts(layer.layer)
            // Other operators of ONNX use their weights in ways of their own.
            if let onnx, !Self.countedOperators.contains(onnx.operatorType) { continue }
            if onnx?.operatorType == "MatMul", shapes.contains(where: { $0.rank > 2 }) { continue }
            // A transposed convolution multiplies at each place of its input, all others at each place of their output.
            let isTransposed = (onnx?.operatorType ?? type(of: layer.layer).kind).hasSuffix("Transpose")
            var places = Self.product(node.outputShapes[0].dropLast())
            if isTransposed {
                let shape = graph.nodes[source.node].outputShapes[source.output]
                let channels = onnx?.channelAxis ?? shape.rank - 1
                places = Self.product(shape.enumerated().filter { $0.offset != channels }.map(\.element))
            }
            operations[node.name] = shapes.reduce(0.0) { sum, kernel in
                sum + 2 * places * Self.product(kernel)
            }
        }
        self.operations = operations
    }

    private static func product(_ sizes: some Sequence<Int>) -> Double {
        sizes.reduce(1.0) { product, size in product * Double(size) }
    }
}

/// The speed of this machine's matrix products, which that of layers is a share of.
enum PeakSpeed {
    private static let size = 1024

    /// The floating-point operations per second of a product of two 1024 x 1024 matrices: the most that weights allow here.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    static func measured(_ options: ComputeOptions) throws -> Double {
        let input = Input(shape: [size])
        let output = Dense(units: size, useBias: false, name: "product")(input)
        let model = try Model(inputs: input, outputs: output, options: options)
        let row = try model.profile(batchSize: size, repeats: 3)[layer: "product"]
        let operations = 2 * Double(size) * Double(size) * Double(size)
        return row.map { $0.forwardSeconds > 0 ? operations / $0.forwardSeconds : 0 } ?? 0
    }
}
