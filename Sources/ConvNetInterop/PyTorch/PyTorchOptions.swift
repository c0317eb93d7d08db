import SwiftConvNet

/// How layers and the modules of a PyTorch file meet.
///
/// ```swift
/// var options = PyTorchOptions()
/// options.modules = ["conv2d": "features.0", "dense": "classifier"]
/// try model.loadPyTorchWeights(from: "weights.pt", options: options)
/// ```
public struct PyTorchOptions: Sendable {
    /// The module of each layer by the layer's name, where their names differ. Default: all layers have the names of their modules, as
    /// those of torchvision's form of `Applications` have; those of ConvNeXt and MobileNetV3 find theirs where outputs are torchvision's.
    public var modules: [String: String]
    /// What the names of all arrays begin with in the file, such as `"module."` after `DataParallel`. Arrays of other names do not count.
    /// Default nothing.
    public var prefix: String
    /// Whether layers that have parameters and modules that have arrays meet by their order, rather than by names; then `modules` has to be
    /// empty. Only `.pt` files keep the order of the modules. Default `false`.
    public var matchesByOrder: Bool
    /// The shape `[height, width, channels]` of the image whose elements a layer reads one after the other, by the layer's name: PyTorch has
    /// them in the order of `[channels, height, width]`. An empty shape says that the orders are the same. Default: what `Flatten` makes
    /// of an image, of three axes or more, is such an image.
    public var flattenedImages: [String: Shape]
    /// Whether arrays that are missing, too many or of another shape are passed over, rather than being an error; the report names each.
    /// Default `false`.
    public var skipsMismatches: Bool
    /// The key under which a `.pt` file has the arrays, such as `"model"`; `nil` if the file is the `state_dict` itself. Default `nil`.
    public var dictionary: String?
    /// What a `.pt` archive may claim.
    public var limits: ZipLimits

    /// Options; by names and strict unless they are given.
    public init(
        modules: [String: String] = [:],
        prefix: String = "",
        matchesByOrder: Bool = false,
        flattenedImages: [String: Shape] = [:],
        skipsMismatches: Bool = false,
        dictionary: String? = nil,
        limits: ZipLimits = ZipLimits()
    ) {
        self.modules = modules
        self.prefix = prefix
        self.matchesByOrder = matchesByOrder
        self.flattenedImages = flattenedImages
        self.skipsMismatches = skipsMismatches
        self.dictionary = dictionary
        self.limits = limits
    }
}
