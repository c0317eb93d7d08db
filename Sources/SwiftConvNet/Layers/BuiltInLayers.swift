/// The layers of this library, for what decodes them by their `kind`.
package enum BuiltInLayers {
    /// Every type, each with a `kind` of its own.
    package static let types: [any Layer.Type] = [
        InputLayer.self,
        Conv1D.self, Conv2D.self, Conv3D.self,
        Conv1DTranspose.self, Conv2DTranspose.self, Conv3DTranspose.self,
        DepthwiseConv1D.self, DepthwiseConv2D.self, SeparableConv1D.self, SeparableConv2D.self,
        Dense.self, EinsumDense.self, Embedding.self, Identity.self,
        Activation.self, ReLU.self, LeakyReLU.self, PReLU.self, ELU.self, Softmax.self,
        MaxPooling1D.self, MaxPooling2D.self, MaxPooling3D.self,
        AveragePooling1D.self, AveragePooling2D.self, AveragePooling3D.self,
        GlobalMaxPooling1D.self, GlobalMaxPooling2D.self, GlobalMaxPooling3D.self,
        GlobalAveragePooling1D.self, GlobalAveragePooling2D.self, GlobalAveragePooling3D.self,
        AdaptiveMaxPooling1D.self, AdaptiveMaxPooling2D.self, AdaptiveMaxPooling3D.self,
        AdaptiveAveragePooling1D.self, AdaptiveAveragePooling2D.self, AdaptiveAveragePooling3D.self,
        BatchNormalization.self, LayerNormalization.self, GroupNormalization.self, RMSNormalization.self,
        UnitNormalization.self, SpectralNormalization.self,
        Rescaling.self, Normalization.self, Whitening.self, Discretization.self, CategoryEncoding.self,
        Resizing.self,
        CenterCrop.self,
        Dropout.self, SpatialDropout1D.self, SpatialDropout2D.self, SpatialDropout3D.self,
        AlphaDropout.self, GaussianNoise.self, GaussianDropout.self,
        Flatten.self, Reshape.self, Permute.self, RepeatVector.self,
        ZeroPadding1D.self, ZeroPadding2D.self, ZeroPadding3D.self,
        Cropping1D.self, Cropping2D.self, Cropping3D.self,
        UpSampling1D.self, UpSampling2D.self, UpSampling3D.self,
        ActivityRegularization.self,
        Add.self, Average.self, Concatenate.self, Dot.self, Maximum.self, Minimum.self, Multiply.self,
        Subtract.self,
        MultiHeadAttention.self, PositionEmbedding.self, LayerScale.self,
    ]
}
