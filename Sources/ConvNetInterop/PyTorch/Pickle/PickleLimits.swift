/// What the pickle of a PyTorch file may claim. It names the tensors, their elements lie outside it: some 200 bytes stand for each.
enum PickleLimits {
    /// The largest pickle, in bytes.
    static let bytes = 16 << 20
    /// The largest number of values and marks that it makes or remembers: those of some 20,000 tensors. Each takes up to 100 bytes of memory.
    static let values = 1 << 19
    /// The longest name of a module or of what is in it, in bytes.
    static let name = 256
    /// The largest number of axes of a tensor: PyTorch's own limit is 64.
    static let axes = 64
}
