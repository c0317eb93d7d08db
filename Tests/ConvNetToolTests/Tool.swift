import ConvNetInterop
import Foundation
import TestSupport
import Testing

/// The program `convnet`, as it was built beside these tests, and a folder for a test's files.
struct Tool {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs the program to its end.
    func callAsFunction(_ arguments: String...) throws -> BuiltProgram.Run { try run(arguments) }

    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> BuiltProgram.Run {
        try BuiltProgram("convnet").run(
            arguments,
            environment: ["XDG_CACHE_HOME": "/dev/null/none"].merging(environment) { $1 }
        )
    }

    /// The path of a file of the test.
    func callAsFunction(file name: String) -> String { folder.file(name) }

    /// Saves a small network that has been trained, and returns its path.
    func model(_ name: String = "model.safetensors") throws -> String {
        try SmallNetwork.trained().save(to: folder.file(name))
        return folder.file(name)
    }

    /// Saves the small network's images, and returns their path.
    func images(_ count: Int = 50) throws -> String {
        try SmallNetwork.images(count).saveNPY(to: folder.file("x.npy"))
        return folder.file("x.npy")
    }

    /// Saves the small network's labels, and returns their path.
    func labels(_ count: Int = 50) throws -> String {
        try SmallNetwork.labels(count).saveNPY(to: folder.file("y.npy"))
        return folder.file("y.npy")
    }
}

extension BuiltProgram.Run {
    /// The objects of `--json`: every line has to be one.
    func objects(_ event: String? = nil) throws -> [[String: Any]] {
        let all = try output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
        return event.map { event in all.filter { $0["event"] as? String == event } } ?? all
    }
}

/// Which traits the tests were built with.
enum Traits {
    #if Zip
        static let hasZip = true
    #else
        static let hasZip = false
    #endif
    #if HDF5
        static let hasKeras = hasZip
    #else
        static let hasKeras = false
    #endif
    #if Images
        static let hasImages = true
    #else
        static let hasImages = false
    #endif
}
