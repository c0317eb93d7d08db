/// What `docs/interop.md` says of operators, and errors of those that are refused.
extension ONNXOperatorTable {
    /// What an operator does not do here.
    package static let limits: [String: String] = {
        var limits = [
            "GridSample": "no gradient of the grid", "Mod": "whole numbers have no gradient",
            "ScatterElements": "mul, max and min have no backward pass",
            "Scatter": "mul, max and min have no backward pass",
            "ScatterND": "mul, max and min have no backward pass",
            "NonZero": "of constants", "Compress": "the condition is a constant", "Range": "of constants",
            "ConstantOfShape": "of a shape that is known", "MaxPool": "indices by rows",
            "Einsum": "no letter twice in an operand", "If": "the condition follows from shapes",
        ]
        let quantized = [
            "QuantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul",
            "com.microsoft:QLinearAdd", "com.microsoft:QLinearMul", "com.microsoft:QuantizeLinear",
            "com.microsoft:QLinearGlobalAveragePool", "com.microsoft:QGemm",
        ]
        let elements = QuantizedElements.table.keys
        for name in quantized + elements + ["LSTM", "GRU", "RNN", "BitShift"] {
            limits[name] = "no backward pass"
        }
        return limits
    }()

    /// ONNX' operators that have no place here, and why.
    package static let refused: [String: String] = {
        var reasons = [
            "DynamicQuantizeLSTM": "Quantised recurrent layers are not supported",
            "NonMaxSuppression":
                "The shape of its output depends on data; take the boxes and scores before it as outputs",
            "Unique": "The shape of its output depends on data",
        ]
        for name in ["Loop", "Scan"] { reasons[name] = "Loops are not supported" }
        let sequences = [
            "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert",
            "SequenceLength", "SequenceMap", "SplitToSequence", "ConcatFromSequence", "Optional",
            "OptionalGetElement", "OptionalHasElement",
        ]
        for name in sequences { reasons[name] = "Sequences and optional values are not supported" }
        let texts = ["StringConcat", "StringNormalizer", "StringSplit", "RegexFullMatch", "TfIdfVectorizer"]
        for name in texts { reasons[name] = "Texts are not supported" }
        return reasons
    }()

    /// The operators as `docs/interop.md` lists them: those that run with their limits, and those that are refused.
    package static var markdown: String {
        let known = (names + ["If"]).sorted().map { "| `\($0)` | \(limits[$0] ?? "") |" }
        let refusals = refused.sorted { $0.key < $1.key }.map { "| `\($0.key)` | refused: \($0.value) |" }
        return (["| operator | limits |", "|---|---|"] + known + refusals).joined(separator: "\n")
    }
}
