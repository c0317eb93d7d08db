/// What an ONNX file leaves open, for its import.
public struct ONNXOptions: Sendable {
    /// Sizes of axes that the file gives a name: parameters are made, and summaries speak, of these sizes. Others are found by trial.
    public var sizes: [String: Int]
    /// Values of inputs on which shapes or weights depend: such an input is a constant of the model then. The others stay inputs.
    public var values: [String: Tensor]

    /// - Parameters:
    ///   - sizes: sizes of axes that the file gives a name: `["height": 480]`. Default: none.
    ///   - values: values of inputs on which shapes or weights depend. Default: none.
    public init(sizes: [String: Int] = [:], values: [String: Tensor] = [:]) {
        self.sizes = sizes
        self.values = values
    }
}
