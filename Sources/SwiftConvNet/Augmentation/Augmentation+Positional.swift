// Keras' positional spelling: `RandomRotation(0.1)`. What is not listed here has its label.

extension RandomFlip {
    /// `RandomFlip(.horizontal)`: as `init(mode:seed:name:)`.
    public init(_ mode: Mode, seed: UInt64? = nil, name: String? = nil) {
        self.init(mode: mode, seed: seed, name: name)
    }
}

extension RandomRotation {
    /// `RandomRotation(0.1, fillMode: .constant)`: as `init(factor:fillMode:…)`.
    public init(
        _ factor: Factor,
        fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        fillValue: Float = 0,
        name: String? = nil
    ) {
        self.init(
            factor: factor,
            fillMode: fillMode,
            interpolation: interpolation,
            seed: seed,
            fillValue: fillValue,
            name: name
        )
    }
}

extension RandomTranslation {
    /// `RandomTranslation(0.1, 0.2)`: as `init(heightFactor:widthFactor:fillMode:…)`.
    public init(
        _ heightFactor: Factor,
        _ widthFactor: Factor,
        fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        fillValue: Float = 0,
        name: String? = nil
    ) {
        self.init(
            heightFactor: heightFactor,
            widthFactor: widthFactor,
            fillMode: fillMode,
            interpolation: interpolation,
            seed: seed,
            fillValue: fillValue,
            name: name
        )
    }
}

extension RandomZoom {
    /// `RandomZoom(0.2)`, `RandomZoom(0.2, 0.1)`: as `init(heightFactor:widthFactor:fillMode:…)`.
    public init(
        _ heightFactor: Factor,
        _ widthFactor: Factor? = nil,
        fillMode: FillMode = .reflect,
        interpolation: Interpolation = .bilinear,
        seed: UInt64? = nil,
        fillValue: Float = 0,
        name: String? = nil
    ) {
        self.init(
            heightFactor: heightFactor,
            widthFactor: widthFactor,
            fillMode: fillMode,
            interpolation: interpolation,
            seed: seed,
            fillValue: fillValue,
            name: name
        )
    }
}

extension RandomCrop {
    /// `RandomCrop(24, 24)`: as `init(height:width:seed:name:)`.
    public init(_ height: Int, _ width: Int, seed: UInt64? = nil, name: String? = nil) {
        self.init(height: height, width: width, seed: seed, name: name)
    }
}

extension RandomBrightness {
    /// `RandomBrightness(0.2, valueRange: 0...1)`: as `init(factor:valueRange:seed:name:)`.
    public init(
        _ factor: Factor,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.init(factor: factor, valueRange: valueRange, seed: seed, name: name)
    }
}

extension RandomContrast {
    /// `RandomContrast(0.2, valueRange: 0...1)`: as `init(factor:valueRange:seed:name:)`.
    public init(
        _ factor: Factor,
        valueRange: ClosedRange<Float> = 0...255,
        seed: UInt64? = nil,
        name: String? = nil
    ) {
        self.init(factor: factor, valueRange: valueRange, seed: seed, name: name)
    }
}
