/// What random numbers are for. Each purpose has numbers of its own, so that more of one
/// never changes another.
///
/// The raw values are part of the counter (`RandomStream`) and so of every checkpoint: they never change.
public enum RandomPurpose: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// Initial values of parameters.
    case initialization = 1
    /// The order of samples in an epoch.
    case shuffle = 2
    /// Which activations dropout drops.
    case dropout = 3
    /// Random changes of training images.
    case augmentation = 4
    /// Whatever a user of the library needs random numbers for; the library itself never takes these.
    case user = 255
}
