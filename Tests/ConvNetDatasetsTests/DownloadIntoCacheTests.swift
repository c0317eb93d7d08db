import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Downloading a dataset into the cache", .enabled(if: Downloader.isAvailable))
struct DownloadIntoCacheTests {
    private let folder: TemporaryFolder
    private let cache: String
    private let small = SmallDataset()

    init() throws {
        folder = try TemporaryFolder()
        cache = folder.file("swiftconvnet/mnist")
    }

    private var cachedNames: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []).sorted()
    }

    private let allNames = [
        "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ]

    /// What a right server sends for each path.
    private var bodies: [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: small.files.map { ("/\($0.rawValue).gz", gzip($1.encoded)) })
    }

    /// Loads, as if the small files were MNIST as published on `mirrors`.
    private func load(_ mirrors: [String], allowDownload: Bool = true) throws -> LoadedDataset {
        var published = PublishedDataset.mnist
        published.digests = small.digests
        published.mirrors = mirrors
        return try DatasetSearch(
            published,
            folder: nil,
            allowDownload: allowDownload,
            environment: ["XDG_CACHE_HOME": folder.path],
            downloader: LocalServer.patientDownloader
        ).load()
    }

    private func server(_ bodies: [String: [UInt8]]) throws -> LocalServer {
        try LocalServer { path in
            bodies[path].map { LocalServer.answer($0) } ?? LocalServer.answer([], status: "404 Not Found")
        }
    }

    @Test("leaves the four files there, from where they come the next time")
    func download() throws {
        let server = try server(bodies)
        let loaded = try load([server.address])
        #expect(loaded.source == .download(mirror: server.address, folder: cache))
        #expect(loaded.train.count == 20)
        #expect(cachedNames == allNames)
        let again = try load([server.address])
        #expect(again.source == .cache(cache))
        #expect(again.digest == loaded.digest)
        #expect(server.paths.count == 4)
    }

    @Test("does not happen if the caller does not allow it")
    func notAllowed() throws {
        let server = try server(bodies)
        #expect(try load([server.address], allowDownload: false).source == .sample)
        #expect(server.paths == [])
    }

    @Test("replaces what is broken there, and keeps what is right")
    func repair() throws {
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try small.write(into: cache, gzip: true)
        try AtomicFile.write("broken", to: cache + "/t10k-labels-idx1-ubyte.gz")
        // A wrong plain file would be found before the right gzip one.
        try AtomicFile.write(SmallDataset.labels(7).encoded, to: cache + "/train-labels-idx1-ubyte")
        let server = try server(bodies)
        #expect(try load([server.address]).source == .download(mirror: server.address, folder: cache))
        #expect(server.paths.sorted() == ["/t10k-labels-idx1-ubyte.gz", "/train-labels-idx1-ubyte.gz"])
        #expect(cachedNames == allNames)
    }

    @Test(
        "takes the next mirror if one fails",
        arguments: ["missing", "wrong", "truncated", "refused", "redirect", "bomb"]
    )
    func nextMirror(failure: String) throws {
        let bodies = bodies
        let labels = "/t10k-labels-idx1-ubyte.gz"
        let address: String
        var bad: LocalServer?
        if failure == "refused" {
            address = try LocalServer.refusingAddress()
        } else {
            let server = try LocalServer { path in
                let body = bodies[path] ?? []
                guard path == labels else { return LocalServer.answer(body) }
                switch failure {
                case "missing": return LocalServer.answer([], status: "404 Not Found")
                case "wrong": return LocalServer.answer(gzip(SmallDataset.labels(9).encoded))
                case "truncated": return LocalServer.answer(Array(body.dropLast(3)), length: body.count)
                case "redirect": return LocalServer.redirection(to: "https://127.0.0.1:1" + path)
                default: return LocalServer.answer(gzip(noise(8) + [UInt8](repeating: 0, count: 5_000_000)))
                }
            }
            address = server.address
            bad = server
        }
        defer { withExtendedLifetime(bad) {} }

        // Alone: the sample, with the reason, and nothing half-written left.
        let without = try load([address])
        #expect(without.source == .sample)
        #expect(without.passedOver.last?.hasPrefix("a download from \(address)") == true)
        #expect(!cachedNames.contains("t10k-labels-idx1-ubyte.gz"))
        #expect(Set(cachedNames).isSubset(of: allNames))

        let good = try server(bodies)
        let loaded = try load([address, good.address])
        #expect(loaded.source == .download(mirror: good.address, folder: cache))
        #expect(cachedNames == allNames)
    }

    @Test("keeps a file that the transfer has already decompressed, under the name without .gz")
    func decompressed() throws {
        var bodies = bodies
        bodies["/train-labels-idx1-ubyte.gz"] = small.files[.trainLabels]?.encoded
        let server = try server(bodies)
        _ = try load([server.address])
        #expect(cachedNames.contains("train-labels-idx1-ubyte"))
        #expect(try load([]).source == .cache(cache))
    }

    @Test("goes under the names of the dataset alone, whatever the server calls the files")
    func names() throws {
        let bodies = bodies
        let server = try LocalServer { path in
            let body = bodies[path] ?? []
            let head =
                "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"../../../evil\"\r\n"
                + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
            return Array(head.utf8) + body
        }
        _ = try load([server.address])
        #expect(cachedNames == allNames)
        #expect(try folder.names == ["swiftconvnet"])
    }

    @Test("replaces a link in the cache, and leaves what it points at")
    func linkInCache() throws {
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try AtomicFile.write("precious", to: folder.file("precious"))
        #expect(symlink("../../precious", "\(cache)/train-labels-idx1-ubyte.gz") == 0)
        let server = try server(bodies)
        #expect(try load([server.address]).train.count == 20)
        #expect(cachedNames == allNames)
        #expect(try FileContents.read(folder.file("precious"), limit: 100) == Array("precious".utf8))
        #expect(try load([]).source == .cache(cache))
    }

    @Test("into a cache that cannot be written falls back on the sample, and says so")
    func unwritable() throws {
        try AtomicFile.write("a file where the folder would be", to: folder.file("swiftconvnet"))
        let server = try server(bodies)
        let loaded = try load([server.address, server.address])
        #expect(loaded.source == .sample)
        #expect(loaded.passedOver.filter { $0.contains("Cannot make the cache folder") }.count == 1)
        #expect(server.paths == [])
    }
}
