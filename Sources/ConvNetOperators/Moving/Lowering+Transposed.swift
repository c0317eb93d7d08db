extension Lowering {
    /// Runs some operators on a value whose axes stand in another order, and puts what they make back into the order before.
    ///
    /// - Parameter order: for each axis of what the operators see, the axis that it is now.
    package mutating func transposed(
        _ value: Value,
        _ order: [Int],
        _ body: (inout Lowering, Value) throws -> Value
    ) throws -> Value {
        guard order != Array(order.indices) else { return try body(&self, value) }
        let result = try body(&self, transpose(value, axes: order))
        return try transpose(result, axes: order.indices.map { order.firstIndex(of: $0) ?? 0 })
    }
}
