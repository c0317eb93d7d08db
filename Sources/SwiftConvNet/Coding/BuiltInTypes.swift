/// The types of this library that a file may name.
enum BuiltInTypes {
    static let layers: [any Layer.Type] = [
        InputLayer.self, Conv2D.self, MaxPooling2D.self, Flatten.self, Dense.self, Dropout.self, Activation.self,
    ]

    static let losses: [any Loss.Type] = [
        SparseCategoricalCrossentropy.self, CategoricalCrossentropy.self, BinaryCrossentropy.self,
        MeanSquaredError.self, MeanAbsoluteError.self,
    ]

    static let metrics: [any Metric.Type] = [
        Accuracy.self, BinaryAccuracy.self, CategoricalAccuracy.self, SparseCategoricalAccuracy.self,
        TopKCategoricalAccuracy.self, SparseTopKCategoricalAccuracy.self,
    ]

    static let optimizers: [any Optimizer.Type] = [SGD.self, Adam.self, AdamW.self, RMSprop.self]
}
