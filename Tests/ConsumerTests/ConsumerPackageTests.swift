import Foundation
import TestSupport
import Testing

/// Packages of users, made in a temporary folder: they depend on this one by git URL and version.
@Suite("Packages that depend on this one by its address", .enabled(if: LibraryCopy.isEnabled))
struct ConsumerPackageTests {
    /// Both are built in one scratch folder, so that the library is compiled once.
    @Test("One trains, saves, loads and predicts; the MNIST example, as the other, says how it is used")
    func packages() throws {
        let folder = try TemporaryFolder()
        let library = try LibraryCopy(in: folder)
        try trains(library, in: folder)
        try showsHelp(library, in: folder)
    }

    private func trains(_ library: LibraryCopy, in folder: TemporaryFolder) throws {
        let package = try folder.makeFolder("Consumer")
        try write(Self.manifest(library: library), to: package + "/Package.swift")
        try write(Self.program, to: package + "/Sources/Consumer/main.swift")
        let output = try runProgram(
            "swift",
            [
                "run", "--quiet", "--scratch-path", folder.file("build"), "Consumer",
                folder.file("line.safetensors"),
            ],
            in: package
        )
        #expect(
            output.split(separator: "\n") == [
                "parameters 74", "loss falls true", "accuracy 1.0", "same bits true", "class 1",
            ]
        )
        let modules = try FileManager.default.contentsOfDirectory(atPath: folder.file("build/debug/Modules"))
            .filter { $0.hasSuffix(".swiftmodule") }.sorted()
        // No other Swift package is compiled, and none of this one's modules that the program does not use.
        #expect(
            modules == [
                "Consumer.swiftmodule", "ConvNetCore.swiftmodule", "ConvNetEngine.swiftmodule",
                "ConvNetOperators.swiftmodule", "SwiftConvNet.swiftmodule",
            ]
        )
    }

    private func showsHelp(_ library: LibraryCopy, in folder: TemporaryFolder) throws {
        let package = try folder.makeFolder("Digits")
        try write(Self.exampleManifest(library: library), to: package + "/Package.swift")
        try FileManager.default.createDirectory(
            atPath: package + "/Sources",
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(
            atPath: library.path + "/Examples/MNIST",
            toPath: package + "/Sources/digits"
        )
        let output = try runProgram(
            "swift",
            ["run", "--quiet", "--scratch-path", folder.file("build"), "digits", "--help"],
            in: package
        )
        #expect(output.contains("SUBCOMMANDS") && output.contains("predict"))
    }

    private static func exampleManifest(library: LibraryCopy) -> String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "Digits",
            dependencies: [
                .package(url: "file://\(library.path)", from: "\(LibraryCopy.version)"),
                .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
            ],
            targets: [
                .executableTarget(
                    name: "digits",
                    dependencies: [
                        .product(name: "SwiftConvNet", package: "SwiftConvNet"),
                        .product(name: "ConvNetDatasets", package: "SwiftConvNet"),
                        .product(name: "ConvNetReports", package: "SwiftConvNet"),
                        .product(name: "ArgumentParser", package: "swift-argument-parser"),
                    ]),
            ],
            swiftLanguageModes: [.v6]
        )
        """
    }

    private static func manifest(library: LibraryCopy) -> String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "Consumer",
            dependencies: [.package(url: "file://\(library.path)", from: "\(LibraryCopy.version)")],
            targets: [
                .executableTarget(name: "Consumer", dependencies: [.product(name: "SwiftConvNet", package: "SwiftConvNet")]),
            ],
            swiftLanguageModes: [.v6]
        )
        """
    }

    /// Tells upright lines from level ones.
    private static let program = """
        import SwiftConvNet

        let model = try Sequential(inputShape: [4, 4, 1], seed: 1) {
            Conv2D(filters: 4, kernelSize: 3, activation: .relu)
            Flatten()
            Dense(units: 2, activation: .softmax)
        }
        let images = try Tensor(shape: [64, 4, 4, 1]) { index in
            let line = index[0] / 2 % 4
            return (index[0] % 2 == 0 ? index[1] : index[2]) == line ? 1 : 0
        }
        let labels = Labels((0..<64).map { Int32($0 % 2) })
        try model.compile(
            optimizer: .adam(learningRate: 0.05), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let history = try model.fit(images, labels, batchSize: 16, epochs: 60, verbose: .silent)
        let losses = history.epochs.compactMap { $0.values.loss }
        print("parameters", model.parameterCount)
        print("loss falls", losses[0] > losses[59])
        print("accuracy", try model.evaluate(images, labels)["accuracy"] ?? 0)
        let path = CommandLine.arguments[1]
        try model.save(to: path)
        let loaded = try Model.load(from: path)
        let prediction = try loaded.predictor().predict(images)
        print("same bits", try prediction == model.predict(images))
        print("class", prediction.argmaxOfLastAxis()[1])
        """
}
