/// What an ONNX file leaves open, for its import.
public struct ONNXOptions: Sendable {
    /// Sizes of axes that the file gives a name: parameters are made, and summaries speak, of these sizes. Others are found by trial.
    public var sizes: [String: Int]
    /// Values of inputs on which shapes or weights depend: such an input is a constant of the model then. The others stay inputs. Where
    /// a file lists its weights among the inputs, values for them take the place of its own.
    public var values: [String: Tensor]
    /// How the model computes.
    public var compute: ComputeOptions

    /// - Parameters:
    ///   - sizes: sizes of axes that the file gives a name: `["height": 480]`. Default: none.
    ///   - values: values of inputs on which shapes or weights depend. Default: none.
    ///   - compute: how the model computes.
    public init(
        sizes: [String: Int] = [:],
        values: [String: Tensor] = [:],
        compute: ComputeOptions = ComputeOptions()
    ) {
        self.sizes = sizes
        self.values = values
        self.compute = compute
    }
}
