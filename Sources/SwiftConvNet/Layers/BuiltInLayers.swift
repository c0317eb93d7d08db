/// The layers of this library, for what decodes them by their `kind`.
package enum BuiltInLayers {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Layer.Type] = [
        InputLayer.self,
        Conv2D.self, Dense.self,
        Activation.self, ReLU.self, Softmax.self,
        MaxPooling2D.self, AveragePooling2D.self, GlobalMaxPooling2D.self, GlobalAveragePooling2D.self,
        BatchNormalization.self, Rescaling.self,
        Dropout.self,
        Flatten.self, Reshape.self, ZeroPadding2D.self,
        Add.self, Concatenate.self,
    ]
}
