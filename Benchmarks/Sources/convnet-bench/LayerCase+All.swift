extension LayerCase {
    /// Every case of the table of peers.
    package static var all: [LayerCase] { convolutions + pooling + elementwise + products }
}
