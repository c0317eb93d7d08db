// Keras' positional spelling: `Conv2D(32, 3, activation: .relu)`. What is not listed here has its label.

extension Conv1D {
    /// `Conv1D(32, 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: Int,
        strides: Int = 1,
        padding: Padding = .valid,
        dilationRate: Int = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv1D(32, kernelSize: 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        kernelSize: Int,
        strides: Int = 1,
        padding: Padding = .valid,
        dilationRate: Int = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}

extension Conv2D {
    /// `Conv2D(32, 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilationRate: Size2D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv2D(32, (3, 3))`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: (Int, Int),
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilationRate: Size2D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: Size2D(kernelSize.0, kernelSize.1),
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv2D(32, kernelSize: 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilationRate: Size2D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}

extension Conv3D {
    /// `Conv3D(32, 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: Size3D,
        strides: Size3D = 1,
        padding: Padding = .valid,
        dilationRate: Size3D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv3D(32, kernelSize: 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        kernelSize: Size3D,
        strides: Size3D = 1,
        padding: Padding = .valid,
        dilationRate: Size3D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            dilationRate: dilationRate,
            groups: groups,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}

extension Conv1DTranspose {
    /// `Conv1DTranspose(32, 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: Int,
        strides: Int = 1,
        padding: Padding = .valid,
        outputPadding: Int? = nil,
        dilationRate: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv1DTranspose(32, kernelSize: 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        kernelSize: Int,
        strides: Int = 1,
        padding: Padding = .valid,
        outputPadding: Int? = nil,
        dilationRate: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}

extension Conv2DTranspose {
    /// `Conv2DTranspose(32, 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        outputPadding: Size2D? = nil,
        dilationRate: Size2D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv2DTranspose(32, (3, 3))`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: (Int, Int),
        strides: Size2D = 1,
        padding: Padding = .valid,
        outputPadding: Size2D? = nil,
        dilationRate: Size2D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: Size2D(kernelSize.0, kernelSize.1),
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv2DTranspose(32, kernelSize: 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        kernelSize: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        outputPadding: Size2D? = nil,
        dilationRate: Size2D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}

extension Conv3DTranspose {
    /// `Conv3DTranspose(32, 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        _ kernelSize: Size3D,
        strides: Size3D = 1,
        padding: Padding = .valid,
        outputPadding: Size3D? = nil,
        dilationRate: Size3D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }

    /// `Conv3DTranspose(32, kernelSize: 3)`: as `init(filters:kernelSize:…)`.
    public init(
        _ filters: Int,
        kernelSize: Size3D,
        strides: Size3D = 1,
        padding: Padding = .valid,
        outputPadding: Size3D? = nil,
        dilationRate: Size3D = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        kernelInitializer: any Initializer = .glorotUniform,
        biasInitializer: any Initializer = .zeros,
        name: String? = nil
    ) {
        self.init(
            filters: filters,
            kernelSize: kernelSize,
            strides: strides,
            padding: padding,
            outputPadding: outputPadding,
            dilationRate: dilationRate,
            activation: activation,
            useBias: useBias,
            kernelInitializer: kernelInitializer,
            biasInitializer: biasInitializer,
            name: name
        )
    }
}
