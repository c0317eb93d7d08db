import ArgumentParser
import BenchmarkCore
import Foundation

/// Options about the other frameworks.
struct PeerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The Python of the virtual environment with the other frameworks.",
            valueName: "file"
        ),
        completion: .file()
    )
    var python: String?

    @Option(
        help: ArgumentHelp("The folder with peer.py. (default: Benchmarks/Peers)", valueName: "folder"),
        completion: .directory
    )
    var scripts: String?

    @Option(help: ArgumentHelp("The allocator that is preloaded for the peers.", valueName: "library"))
    var jemalloc = "libjemalloc.so.2"

    @Flag(help: "The peers have the allocator that they come with: nothing is preloaded.")
    var asInstalled = false

    @Option(
        help: ArgumentHelp(
            "Some of \(PeerWork.allCases.map(\.rawValue).joined(separator: ",")).",
            valueName: "list"
        )
    )
    var only: PeerList<PeerWork>?

    @Option(
        help: ArgumentHelp(
            "Some of \(PeerFramework.allCases.map(\.rawValue).joined(separator: ",")).",
            valueName: "list"
        )
    )
    var frameworks: PeerList<PeerFramework>?

    @Option(
        help: ArgumentHelp(
            "Of the work layers only those whose titles contain one of these, such as Conv1D,softmax.",
            valueName: "list"
        )
    )
    var layers: String?

    @Option(
        help: ArgumentHelp(
            "Of the work onnx the folder that onnx_models.py has made; unless given it is made meanwhile.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var models: String?

    @Option(
        help: ArgumentHelp("How often each side runs in turn. (default: 5; 2 with --quick)", valueName: "n")
    )
    var rounds: Int?

    func validate() throws {
        if let rounds, !(1...1000).contains(rounds) {
            throw ValidationError("--rounds must be in 1...1000")
        }
    }

    /// How peers are started.
    func command() throws -> Peer.Command {
        guard let python else {
            throw ValidationError("--python must name the Python of the peers' environment")
        }
        // The scripts stand beside the sources that this program was built from.
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let beside = sources.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Peers")
        return Peer.Command(
            python: python,
            folder: scripts ?? beside.path,
            allocator: asInstalled ? nil : jemalloc
        )
    }
}

/// Names with commas between them.
struct PeerList<Element: RawRepresentable>: ExpressibleByArgument where Element.RawValue == String {
    let elements: [Element]

    init?(argument: String) {
        let names = argument.split(separator: ",").map(String.init)
        elements = names.compactMap(Element.init(rawValue:))
        if elements.isEmpty || elements.count < names.count { return nil }
    }
}
