// Keras' positional spelling: `MaxPooling2D(2)`. What is not listed here has its label.

extension MaxPooling1D {
    /// `MaxPooling1D(2)`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: Int,
        strides: Int? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(poolSize: poolSize, strides: strides, padding: padding, name: name)
    }
}

extension MaxPooling2D {
    /// `MaxPooling2D(2)`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: Size2D,
        strides: Size2D? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(poolSize: poolSize, strides: strides, padding: padding, name: name)
    }

    /// `MaxPooling2D((2, 2))`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: (Int, Int),
        strides: Size2D? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(
            poolSize: Size2D(poolSize.0, poolSize.1),
            strides: strides,
            padding: padding,
            name: name
        )
    }
}

extension MaxPooling3D {
    /// `MaxPooling3D(2)`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: Size3D,
        strides: Size3D? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(poolSize: poolSize, strides: strides, padding: padding, name: name)
    }
}

extension AveragePooling1D {
    /// `AveragePooling1D(2)`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: Int,
        strides: Int? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(poolSize: poolSize, strides: strides, padding: padding, name: name)
    }
}

extension AveragePooling2D {
    /// `AveragePooling2D(2)`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: Size2D,
        strides: Size2D? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(poolSize: poolSize, strides: strides, padding: padding, name: name)
    }

    /// `AveragePooling2D((2, 2))`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: (Int, Int),
        strides: Size2D? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(
            poolSize: Size2D(poolSize.0, poolSize.1),
            strides: strides,
            padding: padding,
            name: name
        )
    }
}

extension AveragePooling3D {
    /// `AveragePooling3D(2)`: as `init(poolSize:strides:padding:name:)`.
    public init(
        _ poolSize: Size3D,
        strides: Size3D? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.init(poolSize: poolSize, strides: strides, padding: padding, name: name)
    }
}

extension AdaptiveMaxPooling1D {
    /// `AdaptiveMaxPooling1D(7)`: as `init(outputSize:name:)`.
    public init(_ outputSize: Int, name: String? = nil) { self.init(outputSize: outputSize, name: name) }
}

extension AdaptiveMaxPooling2D {
    /// `AdaptiveMaxPooling2D(7)`: as `init(outputSize:name:)`.
    public init(_ outputSize: Size2D, name: String? = nil) { self.init(outputSize: outputSize, name: name) }
}

extension AdaptiveMaxPooling3D {
    /// `AdaptiveMaxPooling3D(7)`: as `init(outputSize:name:)`.
    public init(_ outputSize: Size3D, name: String? = nil) { self.init(outputSize: outputSize, name: name) }
}

extension AdaptiveAveragePooling1D {
    /// `AdaptiveAveragePooling1D(7)`: as `init(outputSize:name:)`.
    public init(_ outputSize: Int, name: String? = nil) { self.init(outputSize: outputSize, name: name) }
}

extension AdaptiveAveragePooling2D {
    /// `AdaptiveAveragePooling2D(7)`: as `init(outputSize:name:)`.
    public init(_ outputSize: Size2D, name: String? = nil) { self.init(outputSize: outputSize, name: name) }
}

extension AdaptiveAveragePooling3D {
    /// `AdaptiveAveragePooling3D(7)`: as `init(outputSize:name:)`.
    public init(_ outputSize: Size3D, name: String? = nil) { self.init(outputSize: outputSize, name: name) }
}
