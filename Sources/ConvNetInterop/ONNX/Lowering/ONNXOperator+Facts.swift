/// What a layer that was a node of an ONNX file says of that node, to tools that count its work.
package struct ONNXOperatorFacts {
    /// ONNX' name of the operator: `ConvTranspose`.
    package let operatorType: String
    /// Where the layer's first input has its channels, the axis of the batch left out; `nil` if it has no such axis.
    package let channelAxis: Int?

    /// The facts of a layer; `nil` if it was no such node.
    package init?(_ layer: any Layer) {
        guard let layer = layer as? ONNXOperator else { return nil }
        operatorType = layer.operatorType
        guard case .input(let form)? = layer.operands.first, let place = form.order.firstIndex(of: 1) else {
            channelAxis = nil
            return
        }
        let axis = form.impliesFirstAxis ? place - 1 : place
        channelAxis = axis < 0 ? nil : axis
    }
}
