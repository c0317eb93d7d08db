/// The types of this library that a file may name.
package enum BuiltInTypes {
    package static let layers: [any Layer.Type] = [
        InputLayer.self, Conv2D.self, Dense.self, Activation.self, ReLU.self, Softmax.self, MaxPooling2D.self,
        AveragePooling2D.self, GlobalMaxPooling2D.self, GlobalAveragePooling2D.self, ZeroPadding2D.self,
        Flatten.self,
        Reshape.self, BatchNormalization.self, Dropout.self, Rescaling.self, Add.self, Concatenate.self,
    ]

    package static let losses: [any Loss.Type] = [
        SparseCategoricalCrossentropy.self, CategoricalCrossentropy.self, BinaryCrossentropy.self,
        MeanSquaredError.self, MeanAbsoluteError.self,
    ]

    package static let metrics: [any Metric.Type] = [
        AutomaticAccuracy.self, Accuracy.self, BinaryAccuracy.self, CategoricalAccuracy.self,
        SparseCategoricalAccuracy.self,
        TopKCategoricalAccuracy.self, SparseTopKCategoricalAccuracy.self,
    ]

    package static let optimizers: [any Optimizer.Type] = [SGD.self, Adam.self, AdamW.self, RMSprop.self]
}
