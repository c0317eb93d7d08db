// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "SwiftConvNet",
    products: [
        .library(name: "SwiftConvNet", targets: ["SwiftConvNet"]),
        .library(name: "ConvNetDatasets", targets: ["ConvNetDatasets"]),
        .library(name: "ConvNetImages", targets: ["ConvNetImages"]),
        .library(name: "ConvNetReports", targets: ["ConvNetReports"]),
        .library(name: "ConvNetInterop", targets: ["ConvNetInterop"]),
        .executable(name: "convnet", targets: ["convnet"]),
        .executable(name: "mnist", targets: ["mnist"]),
        .executable(name: "fashion", targets: ["fashion"]),
    ],
    traits: [
        .trait(
            name: "Downloads",
            description:
                "MNIST, Fashion-MNIST and CIFAR can be downloaded. Brings FoundationNetworking, and libcurl with it."
        ),
        .trait(
            name: "Images",
            description:
                "PNG and JPEG files can be read. Brings libpng and libjpeg-turbo, with their development packages."
        ),
        .trait(
            name: "HDF5",
            description:
                "Keras files can be read and written, with Zip. Brings libhdf5, with its development package."
        ),
        .trait(
            name: "Zip",
            description:
                "NumPy archives can be read and written. Brings libzip, with its development package."
        ),
        .default(enabledTraits: ["Downloads"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas lapacke",
            providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CTurboJPEG",
            pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"])]
        ),
        .target(
            name: "CImageCodecs",
            dependencies: [
                .target(name: "CPNG", condition: .when(traits: ["Images"])),
                .target(name: "CTurboJPEG", condition: .when(traits: ["Images"])),
            ],
            cSettings: [.define("IMAGES", .when(traits: ["Images"]))]
        ),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(
            name: "CKernels",
            // At -O0 the inner loops are so slow that a debug build could not train at all.
            cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]
        ),
        .target(name: "ConvNetCore", dependencies: ["CKernels", "COpenBLAS"]),
        .target(name: "ConvNetEngine", dependencies: ["ConvNetCore", "CKernels"]),
        .target(name: "ConvNetOperators", dependencies: ["ConvNetEngine", "CKernels"]),
        .target(name: "SwiftConvNet", dependencies: ["ConvNetOperators", "CKernels"]),
        .target(
            name: "CMNISTSample",
            exclude: ["SOURCE.md", "make-sample.py", "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"]
        ),
        .target(name: "ConvNetDatasets", dependencies: ["SwiftConvNet", "CZlib", "CMNISTSample"]),
        .target(
            name: "ConvNetImages",
            dependencies: ["SwiftConvNet", "CKernels", "CZlib", "CImageCodecs"]
        ),
        .target(name: "ConvNetReports", dependencies: ["SwiftConvNet"]),
        .target(
            name: "ConvNetInterop",
            dependencies: [
                "SwiftConvNet",
                .target(name: "CHDF5", condition: .when(traits: ["HDF5"])),
                .target(name: "CZip", condition: .when(traits: ["Zip"])),
            ]
        ),
        .executableTarget(
            name: "convnet",
            dependencies: [
                "SwiftConvNet", "ConvNetDatasets", "ConvNetImages", "ConvNetInterop", "ConvNetReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "mnist",
            dependencies: [
                "SwiftConvNet", "ConvNetDatasets", "ConvNetReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Examples/MNIST",
            // A user who copies it has the public interface and no more.
            packageAccess: false
        ),
        .executableTarget(
            name: "fashion",
            dependencies: [
                "SwiftConvNet", "ConvNetDatasets", "ConvNetReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Examples/Fashion",
            packageAccess: false
        ),
        .target(name: "TestSupport", dependencies: ["SwiftConvNet", "CZlib"], path: "Tests/TestSupport"),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "TestSupport"]),
        .target(name: "Experiments", dependencies: ["SwiftConvNet"], path: "Tests/Experiments"),
        .testTarget(name: "LayerTests", dependencies: ["SwiftConvNet", "Experiments", "TestSupport"]),
        .testTarget(name: "TrainingTests", dependencies: ["SwiftConvNet", "Experiments", "TestSupport"]),
        .testTarget(name: "SwiftConvNetTests", dependencies: ["SwiftConvNet", "Experiments", "TestSupport"]),
        .testTarget(name: "ConvNetDatasetsTests", dependencies: ["ConvNetDatasets", "TestSupport"]),
        .testTarget(name: "ConvNetImagesTests", dependencies: ["ConvNetImages", "TestSupport"]),
        .testTarget(name: "ConvNetReportsTests", dependencies: ["ConvNetReports", "TestSupport"]),
        .testTarget(
            name: "ConvNetInteropTests",
            dependencies: [
                "ConvNetInterop", "TestSupport", .target(name: "CZip", condition: .when(traits: ["Zip"])),
            ]
        ),
        .executableTarget(name: "keras-probe", dependencies: ["ConvNetInterop"], path: "Tests/KerasProbe"),
        .executableTarget(
            name: "onnx-probe",
            dependencies: ["ConvNetInterop"],
            path: "Tests/OnnxProbe"
        ),
        .testTarget(
            name: "ConvNetToolTests",
            dependencies: ["convnet", "ConvNetImages", "ConvNetInterop", "TestSupport"]
        ),
        .executableTarget(name: "torch-probe", dependencies: ["ConvNetInterop"], path: "Tests/TorchProbe"),
        .testTarget(name: "MNISTExampleTests", dependencies: ["mnist", "ConvNetDatasets", "TestSupport"]),
        .testTarget(
            name: "FashionExampleTests",
            dependencies: ["fashion", "ConvNetDatasets", "TestSupport"]
        ),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .executableTarget(
            name: "allocation-probe",
            dependencies: ["SwiftConvNet", "AllocationCounter"],
            path: "Tests/AllocationProbe"
        ),
        .executableTarget(name: "load-probe", dependencies: ["SwiftConvNet"], path: "Tests/LoadProbe"),
        .executableTarget(name: "memory-probe", dependencies: ["SwiftConvNet"], path: "Tests/MemoryProbe"),
        .testTarget(name: "LoadTests", dependencies: ["load-probe", "memory-probe", "TestSupport"]),
        .testTarget(name: "AllocationTests", dependencies: ["allocation-probe", "TestSupport"]),
        .executableTarget(
            name: "reader-fuzz",
            dependencies: [
                "SwiftConvNet", "ConvNetDatasets", "ConvNetImages", "ConvNetInterop", "CZlib",
                "AllocationCounter", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/ReaderFuzz"
        ),
        .testTarget(name: "FuzzTests", dependencies: ["reader-fuzz", "TestSupport"]),
        .executableTarget(
            name: "lifetime-probe",
            dependencies: ["SwiftConvNet"],
            path: "Tests/LifetimeProbe"
        ),
        .testTarget(name: "LifetimeTests", dependencies: ["lifetime-probe", "TestSupport"]),
        .executableTarget(
            name: "checkpoint-probe",
            dependencies: ["SwiftConvNet"],
            path: "Tests/CheckpointProbe"
        ),
        .testTarget(
            name: "CheckpointTests",
            dependencies: ["checkpoint-probe", "SwiftConvNet", "TestSupport"]
        ),
        .executableTarget(
            name: "bits-probe",
            dependencies: [
                "SwiftConvNet", "ConvNetDatasets", "Experiments",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/BitsProbe"
        ),
        .testTarget(name: "BitsProbeTests", dependencies: ["bits-probe", "SwiftConvNet", "TestSupport"]),
        .testTarget(name: "ConsumerTests", dependencies: ["TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
