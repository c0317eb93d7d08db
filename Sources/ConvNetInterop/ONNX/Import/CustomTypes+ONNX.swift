extension CustomTypes {
    /// The layers of imported ONNX files that are not of the catalogue: to load a model that was saved after its import.
    ///
    /// ```swift
    /// let model = try Model.load(from: "imported.safetensors", customTypes: .onnx)
    /// ```
    public static var onnx: CustomTypes {
        CustomTypes(layers: [ONNXOperator.self, ONNXBranch.self, ONNXOutput.self])
    }
}
