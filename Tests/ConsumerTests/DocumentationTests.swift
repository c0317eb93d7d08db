import Foundation
import TestSupport
import Testing

/// Every block of Swift in the documentation compiles as it is printed.
///
/// Those of README.md and of other Markdown files are whole programs, and are run. Those of documentation comments are
/// fragments, which are compiled in the context that `fragmentContext` names. All are built in one package: the one that
/// README.md prints. Compiler errors name the file and the line of the documentation.
@Suite("Code in the documentation", .enabled(if: LibraryCopy.isEnabled))
struct DocumentationTests {
    @Test("compiles as it is printed, and runs")
    func code() throws {
        let files = try LibraryCopy.fileNames
        let printed = try files.filter { $0.hasSuffix(".md") }.flatMap(CodeBlock.blocks)
        let fragments = try files.filter { $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") }
            .flatMap(CodeBlock.blocks)
        let manifests = printed.filter(\.isManifest), programs = printed.filter { !$0.isManifest }
        try #require(manifests.count == 1 && manifests[0].file == "README.md")
        try #require(programs.first?.file == "README.md" && programs.count >= 7 && fragments.count >= 30)

        let folder = try TemporaryFolder()
        _ = try LibraryCopy(in: folder)
        let package = try folder.makeFolder("App")
        func build() throws {
            // Fragments define what they do not use: their warnings would hide an error.
            let options = ["--scratch-path", folder.file("build"), "-Xswiftc", "-suppress-warnings"]
            _ = try runProgram("swift", ["build"] + options, in: package)
        }

        // What a reader does first: the manifest and the first program, as they are printed.
        try write(manifests[0].code, to: package + "/Package.swift")
        try write(programs[0].code, to: package + "/Sources/App/main.swift")
        try build()
        let first = try run("App", in: folder)
        #expect(first.names == ["mnist.safetensors"])

        // All the others, as further targets of the same package.
        try write(Self.manifest(programs.dropFirst()), to: package + "/Package.swift")
        for block in programs.dropFirst() {
            let path = "\(package)/Sources/\(block.moduleName)/main.swift"
            try write(block.sourceLocation + block.code, to: path)
        }
        try write(fragmentContext, to: package + "/Sources/Fragments/Context.swift")
        for block in fragments {
            let path = "\(package)/Sources/Fragments/\(block.moduleName).swift"
            // In a function that is async, fit would be the form for tasks.
            let effects = block.code.contains("await ") ? "async throws" : "throws"
            try write(
                """
                import ConvNetDatasets
                import ConvNetImages
                import ConvNetInterop
                import ConvNetReports
                import Foundation
                import SwiftConvNet
                func \(block.moduleName)() \(effects) {
                \(block.sourceLocation)\(block.code)
                #sourceLocation()
                }

                """,
                to: path
            )
        }
        try build()
        for block in programs.dropFirst() {
            do {
                _ = try run(block.moduleName, in: folder)
            } catch {
                Issue.record("\(block.file):\(block.line): \(error)")
            }
        }
    }

    /// Runs a program that was built, without data but the sample, and returns what it printed and the files that it
    /// left.
    private func run(_ name: String, in folder: TemporaryFolder) throws -> (output: String, names: [String]) {
        let place = try folder.makeFolder("run-\(name)")
        let output = try runProgram(
            "env",
            [
                "-u", "SWIFTCONVNET_DATA", "XDG_CACHE_HOME=/dev/null/none", "SWIFT_BACKTRACE=enable=no",
                folder.file("build/debug/\(name)"),
            ],
            in: place
        )
        return (output, try FileManager.default.contentsOfDirectory(atPath: place).sorted())
    }

    private static func manifest(_ programs: some Sequence<CodeBlock>) -> String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let names = ["SwiftConvNet", "ConvNetDatasets", "ConvNetImages", "ConvNetInterop", "ConvNetReports"]
        let library: [Target.Dependency] = names.map { .product(name: $0, package: "SwiftConvNet") }
        let package = Package(
            name: "App",
            dependencies: [.package(path: "../SwiftConvNet")],
            targets: [
                .target(name: "Fragments", dependencies: library),
        \(programs.map { "        .executableTarget(name: \"\($0.moduleName)\", dependencies: library)," }
            .joined(separator: "\n"))
            ]
        )

        """
    }
}
