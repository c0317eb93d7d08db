import SwiftConvNet

/// How a Keras file is read.
public struct KerasOptions: Sendable {
    /// Makes a layer of the settings of one that this library does not know.
    public typealias CustomLayer = @Sendable (KerasSettings) throws -> any Layer

    /// Makes the layers that this library does not know, by the names of their classes: `"Lambda"`, or a class of the user's own. Their
    /// parameters are matched in the order in which the layer declares them.
    public var customLayers: [String: CustomLayer]
    /// Whether arrays that are missing, too many or of another shape are passed over, rather than being an error; the report names
    /// each.
    public var skipsMismatches: Bool
    /// Whether the model is compiled as the file says, with loss, metrics, and optimizer and its state. A part of it that is not
    /// supported is an error.
    public var compiles: Bool
    /// The size that stands for an axis of the input whose size is open, `None` in Keras, where a size is needed: in a summary, say.
    public var openSize: Int
    /// What the archive may claim.
    public var limits: ZipLimits
    /// From which all random numbers of the model come.
    public var seed: UInt64
    /// How the model computes.
    public var compute: ComputeOptions

    /// Options; strict unless they are given.
    public init(
        customLayers: [String: CustomLayer] = [:],
        skipsMismatches: Bool = false,
        compiles: Bool = true,
        openSize: Int = 224,
        limits: ZipLimits = ZipLimits(),
        seed: UInt64 = 0,
        compute: ComputeOptions = ComputeOptions()
    ) {
        self.customLayers = customLayers
        self.skipsMismatches = skipsMismatches
        self.compiles = compiles
        self.openSize = openSize
        self.limits = limits
        self.seed = seed
        self.compute = compute
    }
}
