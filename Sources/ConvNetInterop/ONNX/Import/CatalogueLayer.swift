/// A layer of the catalogue that means what a node means.
struct CatalogueLayer {
    /// A weight of the layer, by the operand of the node.
    struct Weight {
        let parameter: String
        let operand: Int
        /// The order of ONNX' axes in which it is kept.
        let order: [Int]
    }

    /// Makes the layer with a name.
    let layer: (String) -> any Layer
    /// The order in which it reads its inputs, and makes its output.
    let order: [Int]
    var weights: [Weight] = []
}
