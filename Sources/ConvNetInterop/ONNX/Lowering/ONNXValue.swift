/// A tensor of an ONNX graph while a node is lowered.
struct ONNXValue: Sendable {
    /// The engine's value; of a constant of whole numbers it is not for kernels.
    let value: Value
    let form: TensorForm

    init(_ value: Value, _ form: TensorForm) {
        self.value = value
        self.form = form
    }

    init(_ value: Value, _ type: ONNXType = .float, order: [Int], impliesFirstAxis: Bool) {
        self.init(value, TensorForm(type: type, order: order, impliesFirstAxis: impliesFirstAxis))
    }

    var type: ONNXType { form.type }
    var order: [Int] { form.order }
    /// Whether the first axis is that of the batch, which the value does not have.
    var impliesFirstAxis: Bool { form.impliesFirstAxis }
    /// The number of axes in ONNX.
    var rank: Int { form.order.count }

    /// The sizes of the axes as ONNX has them.
    var dims: [Int] {
        let stored = (impliesFirstAxis ? [1] : []) + value.shape.dimensions
        return form.order.inverted.map { stored[$0] }
    }

    /// The elements, if they are known.
    var literal: Literal? {
        guard let constant = value.constant else { return nil }
        let stored = (impliesFirstAxis ? [1] : []) + value.shape.dimensions
        return Literal(constant, type: type, dims: stored).permuted(form.order.inverted)
    }

    /// The place of an ONNX axis among those of the value; `nil` for the implied one.
    func place(of axis: Int) -> Int? {
        let place = order.firstIndex(of: axis) ?? 0
        return impliesFirstAxis ? (place == 0 ? nil : place - 1) : place
    }

    /// The same value with elements of another type.
    func typed(_ type: ONNXType) -> ONNXValue {
        ONNXValue(value, type, order: order, impliesFirstAxis: impliesFirstAxis)
    }
}
