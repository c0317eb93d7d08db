// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    products: [.executable(name: "convnet-bench", targets: ["convnet-bench"])],
    dependencies: [
        .package(name: "SwiftConvNet", path: "..", traits: [.defaults, "Images"]),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        .target(name: "CPeak"),
        .target(
            name: "CDecode",
            linkerSettings: [.linkedLibrary("turbojpeg"), .linkedLibrary("png")]
        ),
        .target(
            name: "BenchmarkCore",
            dependencies: [
                "CPeak",
                .product(name: "SwiftConvNet", package: "SwiftConvNet"),
                .product(name: "ConvNetReports", package: "SwiftConvNet"),
            ]
        ),
        .executableTarget(
            name: "convnet-bench",
            dependencies: [
                "BenchmarkCore", "CDecode", "CPeak",
                .product(name: "SwiftConvNet", package: "SwiftConvNet"),
                .product(name: "ConvNetImages", package: "SwiftConvNet"),
                .product(name: "ConvNetInterop", package: "SwiftConvNet"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "BenchmarkTests",
            dependencies: [
                "BenchmarkCore", "convnet-bench",
                .product(name: "SwiftConvNet", package: "SwiftConvNet"),
                .product(name: "ConvNetImages", package: "SwiftConvNet"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
