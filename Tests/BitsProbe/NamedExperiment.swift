import ConvNetDatasets
import Experiments
import SwiftConvNet

/// Networks of the kinds that people train, beside the random ones.
enum NamedExperiment: String, CaseIterable {
    /// The README's network on the digits that are shipped with the package.
    case mnist
    /// The same without dropout.
    case mnistWithoutDropout = "mnist-without-dropout"
    /// Pairs of convolutions with batch normalisation, in the manner of VGG.
    case vgg
    /// Residual blocks with batch normalisation, in the manner of ResNet.
    case residual
    /// Convolutions of each channel by itself, in the manner of MobileNet.
    case depthwise
    /// Few pixels and many weights, as at the end of a large network.
    case manyChannels = "many-channels"
    /// Patches with positions, and a scaled branch, in the manner of vision transformers.
    case patches

    func experiment() throws -> Experiment {
        switch self {
        case .mnist: try Self.digits(Self.mnistNetwork(dropout: true))
        case .mnistWithoutDropout: try Self.digits(Self.mnistNetwork(dropout: false))
        case .vgg: try Self.images(Self.vggNetwork)
        case .residual: try Self.images(Self.residualNetwork)
        case .depthwise: try Self.images(Self.depthwiseNetwork)
        case .manyChannels: try Self.images(Self.networkOfManyChannels)
        case .patches: try Self.images(Self.networkOfPatches)
        }
    }

    // MARK: Training

    /// Two epochs of 1,000 digits in batches of 128, as the README trains.
    private static func digits(_ network: Network) throws -> Experiment {
        let sample = try MNIST.sample()
        func first(_ count: Int, of data: ArrayDataset) throws -> ArrayDataset {
            guard case .bytes(let images) = data.samples, let labels = data.labels else { return data }
            return try ArrayDataset(
                ByteTensor(Array(images.bytes.prefix(count * 28 * 28)), shape: [count, 28, 28, 1]),
                Labels(Array(labels.values.prefix(count)))
            )
        }
        var experiment = Experiment(
            seed: 42,
            network: network,
            data: try first(1_000, of: sample.train),
            loss: .sparseCategoricalCrossentropy(),
            optimizer: .adam()
        )
        experiment.metrics = [.accuracy]
        experiment.validationData = try first(100, of: sample.test)
        experiment.epochs = 2
        experiment.batchSize = 128
        return experiment
    }

    /// Two epochs of 40 colour images of noise, in batches of 16.
    private static func images(_ network: Network) throws -> Experiment {
        var random = RandomStream(seed: 7, purpose: .user)
        let images = try Tensor(shape: network.inputShape.batched(40)) { values in
            for index in values.indices { values[index] = random.uniform(in: -1..<1) }
        }
        var experiment = Experiment(
            seed: 7,
            network: network,
            data: try ArrayDataset(images, Labels((0..<40).map { Int32($0 % 10) })),
            loss: .sparseCategoricalCrossentropy(),
            optimizer: .sgd(learningRate: 0.02, momentum: 0.9)
        )
        experiment.metrics = [.accuracy]
        experiment.validationSplit = 0.1
        experiment.epochs = 2
        experiment.batchSize = 16
        return experiment
    }

    // MARK: Networks

    private static func mnistNetwork(dropout: Bool) -> Network {
        var layers: [any Layer] = [
            Conv2D(filters: 32, kernelSize: 3, activation: .relu),
            MaxPooling2D(poolSize: 2),
            Conv2D(filters: 64, kernelSize: 3, activation: .relu),
            MaxPooling2D(poolSize: 2),
            Flatten(),
            Dense(units: 128, activation: .relu),
        ]
        if dropout { layers.append(Dropout(rate: 0.5)) }
        layers.append(Dense(units: 10, activation: .softmax))
        return Network(inputShape: [28, 28, 1], layers: layers)
    }

    private static var vggNetwork: Network {
        var layers: [any Layer] = []
        for filters in [32, 64, 128] {
            for _ in 0..<2 {
                layers += [
                    Conv2D(filters: filters, kernelSize: 3, padding: .same, useBias: false),
                    BatchNormalization(),
                    ReLU(),
                ]
            }
            layers.append(MaxPooling2D(poolSize: 2))
        }
        layers += [
            Flatten(), Dense(units: 128, activation: .relu), Dense(units: 10, activation: .softmax),
        ]
        return Network(inputShape: [32, 32, 3], layers: layers)
    }

    private static var depthwiseNetwork: Network {
        func normalized(_ convolution: Conv2D) -> [any Layer] {
            [convolution, BatchNormalization(), ReLU(maxValue: 6)]
        }
        var layers = normalized(
            Conv2D(filters: 16, kernelSize: 3, strides: 2, padding: .same, useBias: false)
        )
        for (channels, filters, strides) in [(16, 32, 1), (32, 64, 2), (64, 64, 1)] {
            layers += normalized(
                Conv2D(
                    filters: channels,
                    kernelSize: 3,
                    strides: Size2D(strides, strides),
                    padding: .same,
                    groups: channels,
                    useBias: false
                )
            )
            layers += normalized(Conv2D(filters: filters, kernelSize: 1, useBias: false))
        }
        layers += [GlobalAveragePooling2D(), Dense(units: 10, activation: .softmax)]
        return Network(inputShape: [32, 32, 3], layers: layers)
    }

    private static var networkOfManyChannels: Network {
        Network(
            inputShape: [8, 8, 64],
            layers: [
                Conv2D(filters: 192, kernelSize: 3, padding: .same, activation: .relu),
                Conv2D(filters: 192, kernelSize: 3, padding: .same, useBias: false),
                BatchNormalization(),
                ReLU(),
                Conv2D(filters: 160, kernelSize: 3, strides: 2, padding: .same, activation: .relu),
                Conv2D(filters: 500, kernelSize: 1, activation: .relu),
                Flatten(),
                Dense(units: 300, activation: .relu),
                Dense(units: 10, activation: .softmax),
            ]
        )
    }

    private static var networkOfPatches: Network {
        Network(
            inputShape: [32, 32, 3],
            layers: [
                Conv2D(filters: 24, kernelSize: 8, strides: 8),
                Reshape(targetShape: [16, 24]),
                PositionEmbedding(),
                LayerNormalization(),
                Dense(units: 48, activation: .gelu()),
                LayerScale(initValues: 0.5),
                GlobalAveragePooling1D(),
                Dense(units: 10, activation: .softmax),
            ]
        )
    }

    private static var residualNetwork: Network {
        var network = Network(inputShape: [32, 32, 3])
        func normalized(_ filters: Int, _ kernelSize: Size2D, strides: Size2D = 1, of value: Int) -> Int {
            let convolution = network.append(
                Conv2D(
                    filters: filters,
                    kernelSize: kernelSize,
                    strides: strides,
                    padding: .same,
                    useBias: false
                ),
                reading: [value]
            )
            return network.append(BatchNormalization(), reading: [convolution])
        }
        var value = network.append(ReLU(), reading: [normalized(16, 3, of: 0)])
        for (filters, strides) in [(16, 1), (32, 2), (64, 2)] {
            let strides = Size2D(strides, strides)
            let first = network.append(ReLU(), reading: [normalized(filters, 3, strides: strides, of: value)])
            let second = normalized(filters, 3, of: first)
            let shortcut = strides == 1 ? value : normalized(filters, 1, strides: strides, of: value)
            value = network.append(ReLU(), reading: [network.append(Add(), reading: [second, shortcut])])
        }
        let pooled = network.append(GlobalAveragePooling2D(), reading: [value])
        network.append(Dense(units: 10, activation: .softmax), reading: [pooled])
        return network
    }
}
