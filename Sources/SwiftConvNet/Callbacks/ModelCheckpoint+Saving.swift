extension Model {
    /// What `ModelCheckpoint` writes.
    func saveCheckpoint(to path: String, includeOptimizer: Bool) throws {
        throw ConvNetError(.state, "Saving is not part of this version", at: path)
    }
}
