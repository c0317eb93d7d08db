// Keras' positional spelling: `Dense(10)`. What is not listed here has its label.

extension Dense {
    /// `Dense(128, activation: .relu)`: as `init(units:activation:…)`.
    public init(
        _ units: Int,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            units: units,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}

extension Dropout {
    /// `Dropout(0.5)`: as `init(rate:name:)`.
    public init(_ rate: Float, name: String? = nil) { self.init(rate: rate, name: name) }
}

extension Rescaling {
    /// `Rescaling(1 / 255)`: as `init(scale:offset:name:)`.
    public init(_ scale: Float, offset: Float = 0, name: String? = nil) {
        self.init(scale: scale, offset: offset, name: name)
    }
}

extension Reshape {
    /// `Reshape([7, 7, 64])`: as `init(targetShape:name:)`.
    public init(_ targetShape: Shape, name: String? = nil) { self.init(targetShape: targetShape, name: name) }
}

extension ReLU {
    /// `ReLU(6)`: as `init(maxValue:negativeSlope:threshold:name:)`.
    public init(_ maxValue: Float, negativeSlope: Float = 0, threshold: Float = 0, name: String? = nil) {
        self.init(maxValue: maxValue, negativeSlope: negativeSlope, threshold: threshold, name: name)
    }
}

extension ZeroPadding2D {
    /// `ZeroPadding2D(1)`: as `init(padding:name:)`.
    public init(_ padding: Size2D, name: String? = nil) { self.init(padding: padding, name: name) }

    /// `ZeroPadding2D(((1, 1), (2, 2)))`: as `init(padding:name:)` with each side on its own.
    public init(_ padding: ((Int, Int), (Int, Int)), name: String? = nil) {
        self.init(
            padding: ((top: padding.0.0, bottom: padding.0.1), (left: padding.1.0, right: padding.1.1)),
            name: name
        )
    }
}
