import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

/// `torchvision_names.json`: shapes of torchvision's arrays, which `Tests/Interop/torchvision_names.py` has written.
private struct TorchvisionNames: Decodable {
    let networks: [String: [String: [Int]]]
}

@Suite("Modules of torchvision for layers with Keras' names")
struct TorchvisionModulesTests {
    /// A network that computes what torchvision's network of the name does.
    struct Network: Sendable, CustomTestStringConvertible {
        let name: String
        let make: @Sendable (_ seed: UInt64) throws -> Model

        init(_ name: String, _ make: @escaping @Sendable (_ seed: UInt64) throws -> Model) {
            self.name = name
            self.make = make
        }

        var testDescription: String { name }
    }

    static let networks: [Network] = [
        Network("convnext_tiny") { try Applications.convNeXtTiny(inputShape: [32, 32, 3], seed: $0) },
        Network("mobilenet_v3_large") {
            try Applications.mobileNetV3Large(inputShape: [33, 65, 3], includePreprocessing: false, seed: $0)
        },
        Network("mobilenet_v3_small") {
            try Applications.mobileNetV3Small(inputShape: [65, 33, 3], includePreprocessing: false, seed: $0)
        },
    ]

    @Test("What is written has torchvision's names and shapes, and is read again", arguments: networks)
    func names(_ network: Network) throws {
        let golden: TorchvisionNames = try Golden.read("torchvision_names")
        let expected = try #require(golden.networks[network.name]).mapValues { Shape($0) }
        let model = try network.make(1), folder = try TemporaryFolder()
        let path = folder.file("weights.safetensors")
        try model.savePyTorchWeights(to: path)
        let found = try SafeTensors(contentsOf: path).entries.map { ($0.name, $0.shape) }
        #expect(Dictionary(uniqueKeysWithValues: found) == expected)

        let other = try network.make(2)
        let report = try other.loadPyTorchWeights(from: path)
        #expect(report.loadedCount == expected.count)
        let areAsTheyWere = report.entries.allSatisfy { $0.fate == .loaded }
        #expect(areAsTheyWere, "\(report)")
        let isEqual = zip(other.parameters, model.parameters).allSatisfy { $0.values == $1.values }
        #expect(isEqual)
    }

    @Test("A classifier of single pixels is a dense layer in the file")
    func classifier() throws {
        let model = try Self.networks[2].make(1), folder = try TemporaryFolder()
        try model.savePyTorchWeights(to: folder.file("a.safetensors"))
        let array = try PyTorchFile(contentsOf: folder.file("a.safetensors")).tensor(
            named: "classifier.3.weight"
        )
        let kernel = try model.parameter(named: "logits/kernel")
        #expect(array.shape == [1000, 1024] && kernel.shape == [1, 1, 1024, 1000])
        #expect(array[7, 3] == kernel[0, 0, 3, 7] && array[999, 0] == kernel[0, 0, 0, 999])
    }

    @Test("Without its classifier a network is known, too, and a name in the options comes first")
    func ownTop() throws {
        let folder = try TemporaryFolder(), path = folder.file("a.safetensors")
        let model = try Applications.mobileNetV3Small(
            inputShape: [33, 33, 3],
            includeTop: false,
            includePreprocessing: false
        )
        try model.savePyTorchWeights(to: path, options: PyTorchOptions(modules: ["conv": "stem"]))
        let names = try SafeTensors(contentsOf: path).entries.map(\.name)
        #expect(names.contains("stem.weight") && names.contains("features.12.0.weight"))
        #expect(!names.contains { $0.hasPrefix("features.0.0") || $0.hasPrefix("classifier") })
    }

    @Test(
        "Where padding or preprocessing differ from torchvision's, its files are refused, and the error says so"
    )
    func otherNumbers() throws {
        let folder = try TemporaryFolder(), path = folder.file("a.safetensors")
        try Self.networks[2].make(1).savePyTorchWeights(to: path)
        for model in [
            try Applications.mobileNetV3Small(inputShape: [64, 65, 3], includePreprocessing: false),
            try Applications.mobileNetV3Small(inputShape: [65, 65, 3]),
            try Applications.mobileNetV3Small(
                inputShape: [65, 65, 3],
                minimalistic: true,
                includePreprocessing: false
            ),
        ] {
            let error = try #require(throws: ConvNetError.self) { try model.loadPyTorchWeights(from: path) }
            #expect(error.kind == .format)
            #expect(error.remedy?.contains("1 more than a multiple of 32") == true, "\(error)")
        }
    }
}
