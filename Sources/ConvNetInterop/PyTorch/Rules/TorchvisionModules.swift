import SwiftConvNet

/// torchvision's modules of the layers of a network that has Keras' names and computes what torchvision's network does: ConvNeXt-Tiny, and
/// MobileNetV3 of some sizes of images. Such a network is known by the names of all its layers but the classifier's.
struct TorchvisionModules {
    /// The module's name by the layer's; empty for other models.
    private(set) var names: [String: String] = [:]
    /// The layers that are convolutions of single pixels here, and `torch.nn.Linear` there.
    private(set) var linear: Set<String> = []

    init(_ graph: Graph) {
        let layers = Set(graph.layers.map(\.name))
        let networks = [Self.convNeXtTiny(layers), Self.mobileNetV3Small, Self.mobileNetV3Large]
        guard
            let network = networks.lazy.compactMap({ $0 }).first(where: {
                layers.isSuperset(of: $0.body.keys)
            })
        else { return }
        // Keras pads strides of 2 at the bottom and the right alone where torchvision pads all sides, unless sizes are odd.
        if let stem = network.oddStem, !Self.readsOddSizes(stem, graph) { return }
        names = network.body.merging(network.head) { body, _ in body }
        linear = network.linear
    }

    private struct Network {
        /// The layers before the classifier, and their modules.
        var body: [String: String] = [:]
        /// Those of the classifier.
        var head: [String: String] = [:]
        var linear: Set<String> = []
        /// The first layer, if the image's height and width have to be 1 more than a multiple of 32: then they are odd at each of five
        /// layers of stride 2.
        var oddStem: String?
    }

    /// Whether a layer reads an image whose height and width are 1 more than a multiple of 32, and that Keras' preprocessing has not scaled.
    private static func readsOddSizes(_ name: String, _ graph: Graph) -> Bool {
        guard let node = graph.nodes.first(where: { graph.layers[$0.layer].name == name }),
            let source = node.inputs.first
        else { return false }
        let image = graph.nodes[source.node]
        return !(graph.layers[image.layer].layer is Rescaling)
            && image.outputShapes[source.output].prefix(2).allSatisfy { $0 % 32 == 1 }
    }

    private static let mobileNetV3Small = mobileNetV3(11, squeezed: [0, 3, 4, 5, 6, 7, 8, 9, 10])
    private static let mobileNetV3Large = mobileNetV3(15, squeezed: [3, 4, 5, 10, 11, 12, 13, 14])

    /// - Parameters:
    ///   - count: the number of blocks.
    ///   - squeezed: which of them have squeeze and excitation.
    private static func mobileNetV3(_ count: Int, squeezed: Set<Int>) -> Network {
        var body: [String: String] = [:]
        func add(_ layer: String, _ module: String) {
            body[layer] = "\(module).0"
            body["\(layer)_bn"] = "\(module).1"
        }
        add("conv", "features.0")
        for block in 0..<count {
            let prefix = block == 0 ? "expanded_conv" : "expanded_conv_\(block)"
            // The first block does not widen.
            var parts = block == 0 ? ["depthwise"] : ["expand", "depthwise"]
            if squeezed.contains(block) { parts.append("squeeze_excite") }
            parts.append("project")
            for (place, part) in parts.enumerated() {
                let layer = "\(prefix)_\(part)", module = "features.\(block + 1).block.\(place)"
                if part == "squeeze_excite" {
                    body["\(layer)_conv"] = "\(module).fc1"
                    body["\(layer)_conv_1"] = "\(module).fc2"
                } else {
                    add(layer, module)
                }
            }
        }
        add("conv_1", "features.\(count + 1)")
        return Network(
            body: body,
            head: ["conv_2": "classifier.0", "logits": "classifier.3"],
            linear: ["conv_2", "logits"],
            oddStem: "conv"
        )
    }

    /// - Parameter layers: the names of a model's layers, which begin with the name that the network has been given.
    private static func convNeXtTiny(_ layers: Set<String>) -> Network? {
        let ending = "_stem_conv"
        let names = layers.filter { $0.hasSuffix(ending) }.compactMap { layer -> String? in
            let name = layer.split(separator: "/").last.map { String($0.dropLast(ending.count)) } ?? ""
            return layer == "\(name)_stem/\(name)\(ending)" ? name : nil
        }
        guard names.count == 1, let name = names.first else { return nil }
        var body = [
            "\(name)_stem/\(name)_stem_conv": "features.0.0",
            "\(name)_stem/\(name)_stem_layernorm": "features.0.1",
        ]
        for (stage, count) in [3, 3, 9, 3].enumerated() {
            if stage > 0 {
                let place = stage - 1, prefix = "\(name)_downsampling_block_\(place)/\(name)_downsampling"
                body["\(prefix)_layernorm_\(place)"] = "features.\(2 * stage).0"
                body["\(prefix)_conv_\(place)"] = "features.\(2 * stage).1"
            }
            for block in 0..<count {
                let prefix = "\(name)_stage_\(stage)_block_\(block)",
                    module = "features.\(2 * stage + 1).\(block)"
                body["\(prefix)_depthwise_conv"] = "\(module).block.0"
                body["\(prefix)_layernorm"] = "\(module).block.2"
                body["\(prefix)_pointwise_conv_1"] = "\(module).block.3"
                body["\(prefix)_pointwise_conv_2"] = "\(module).block.5"
                body["\(prefix)_layer_scale"] = module
            }
        }
        let head = ["\(name)_head_layernorm": "classifier.0", "\(name)_head_dense": "classifier.2"]
        return Network(body: body, head: head)
    }
}
