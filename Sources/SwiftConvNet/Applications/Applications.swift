/// Known networks with random weights, under the names of `keras.applications`.
///
/// Each function returns a model that is to be compiled and trained. Where Keras has the network, layers, parameters, their order
/// and their initial distributions are Keras', and so are the outputs for the same weights; the names of the layers with
/// parameters are Keras', too.
///
/// ```swift
/// let base = try Applications.mobileNetV2(inputShape: [96, 96, 3], includeTop: false, pooling: .average)
/// for layer in base.layers { layer.isTrainable = false }
/// let output = Dense(units: 5, activation: .softmax)(base.output)
/// let model = try Model(inputs: base.input, outputs: output)
/// ```
///
/// All of them share these arguments:
/// - `inputShape`: `[height, width, channels]` of an image. Each function names its default and what it needs at least.
/// - `classes`: the number of classes, at least 1. It counts only with the top. Default 1000.
/// - `includeTop`: whether the model ends with the classifier. Without it, it ends with features. Default `true`.
/// - `pooling`: how features become one vector for each image; it counts only without the top. Default: they stay maps.
/// - `classifierActivation`: what is applied to the classifier's sums; `.linear` for logits. Default softmax.
/// - `name`: the model's name.
/// - `seed`: from which all random numbers of the model come. Default 0.
/// - `options`: how to compute.
///
/// All of them throw `ConvNetError` of kind `argument` if the images are too small or there are no classes, of kind
/// `environment` if there is not enough memory.
///
/// Pixels are as Keras' function expects them after its `preprocess_input`: EfficientNet, MobileNetV3 and ConvNeXt take values of
/// 0...255 and scale them in the network; all others take values that are scaled already.
public enum Applications {
    /// How maps of features become one vector.
    public enum Pooling: Sendable, Hashable {
        /// The mean over height and width.
        case average
        /// The maximum over height and width.
        case max
    }

    /// Whose form of a network: padding, the place of strides, biases, epsilon and the names of the layers differ.
    public enum Variant: Sendable, Hashable {
        /// That of `keras.applications`.
        case keras
        /// That of `torchvision.models`, with the names of its modules, such as `layer1.0.conv1`. A kernel is stored here as
        /// `[height, width, input channels, filters]`, and features are flattened as `[height, width, channels]`.
        case torchvision
    }
}
