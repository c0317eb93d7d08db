import SwiftConvNet

/// What a build without a system library says where the library is needed.
enum MissingTrait {
    private static let packages = ["Zip": "libzip-dev", "HDF5": "libhdf5-dev"]

    static func error(_ trait: String, at place: String) -> ConvNetError {
        ConvNetError(
            .environment,
            "SwiftConvNet was built without its trait \(trait)",
            at: place,
            remedy:
                "Enable the trait \(trait) of the package, traits: [\"\(trait)\"], and install \(packages[trait] ?? "its library")"
        )
    }
}
