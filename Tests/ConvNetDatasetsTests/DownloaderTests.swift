import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Downloading a file", .enabled(if: Downloader.isAvailable))
struct DownloaderTests {
    private static let patient = LocalServer.patientDownloader

    private func error(_ address: String, limit: Int = 1000, downloader: Downloader = Self.patient)
        -> ConvNetError?
    {
        let error = #expect(throws: ConvNetError.self) { try downloader.download(address, limit: limit) }
        #expect(error?.kind == .network)
        return error
    }

    @Test("gives its content, and says how far it is")
    func content() throws {
        let content = noise(500_000)
        let server = try LocalServer { _ in LocalServer.answer(content) }
        let last = Lock<DownloadProgress?>(nil)
        let received = try Self.patient.download(server.address + "file", limit: 500_000) { progress in
            last.withLock { $0 = progress }
        }
        #expect(received == content)
        let progress = last.withLock { $0 }
        #expect(progress?.receivedBytes == 500_000)
        #expect(progress?.expectedBytes == 500_000)
        #expect(progress?.address == server.address + "file")
        #expect(server.paths == ["/file"])
    }

    @Test("from where nothing answers is an error, without waiting for an answer")
    func refused() throws {
        #expect(error(try LocalServer.refusingAddress())?.summary.hasPrefix("The download failed") == true)
    }

    @Test("from a server that says nothing is an error after the time that was set")
    func silent() throws {
        let server = try LocalServer { _ in nil }
        let start = ContinuousClock.now
        let error = error(server.address, downloader: Downloader(answerTimeout: 0.5))
        #expect(error?.summary == "The server does not answer")
        #expect(error?.received == "nothing for 0.5 s")
        // A little less than 0.5: the deadline is one of another clock. A busy machine only makes it more.
        #expect(ContinuousClock.now - start > .seconds(0.4))
    }

    @Test("that ends early is an error")
    func truncated() throws {
        let server = try LocalServer { _ in LocalServer.answer(noise(300), length: 500) }
        #expect(error(server.address)?.kind == .network)
    }

    @Test("that is larger than allowed is broken off, announced or not")
    func tooLarge() throws {
        let announced = try LocalServer { _ in LocalServer.answer(noise(1001)) }
        #expect(error(announced.address)?.received == "1001 bytes")
        let unannounced = try LocalServer { _ in
            Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8) + noise(5_000_000)
        }
        #expect(error(unannounced.address)?.summary == "The file is too large")
    }

    /// How much a server can send before the client hangs up depends on how busy the machine is; what the client
    /// keeps does not, and neither does that it hangs up.
    @Test("that never ends is broken off, and no more is kept than allowed")
    func endlessBody() throws {
        let server = try LocalServer(
            endless: Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)
        )
        let kept = Lock(0)
        let error = #expect(throws: ConvNetError.self) {
            try Self.patient.download(server.address, limit: 100_000) { progress in
                kept.withLock { $0 = max($0, progress.receivedBytes) }
            }
        }
        #expect(error?.summary == "The file is too large")
        #expect(kept.withLock { $0 } <= 100_000)
        #expect(server.waitForHangUp(), "the client still takes what the server sends")
    }

    @Test("of a small body that the transfer inflates to a large one is broken off")
    func encodedBomb() throws {
        let bomb = gzip([UInt8](repeating: 0, count: 30_000_000))
        let server = try LocalServer { _ in
            Array(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n".utf8
            )
                + bomb
        }
        #expect(error(server.address, limit: bomb.count)?.summary == "The file is too large")
    }

    @Test(
        "with headers that lie or do not end is an error, or what came",
        arguments: [
            "Content-Length: 99999999999999999999999", "Content-Length: -1", "Content-Length: x",
            "Content-Length: 5\r\nContent-Length: 6", "Transfer-Encoding: chunked",
            "X: " + String(repeating: "y", count: 5_000_000),
        ]
    )
    func headers(text: String) throws {
        let server = try LocalServer { _ in
            Array("HTTP/1.1 200 OK\r\n\(text)\r\nConnection: close\r\n\r\nhello".utf8)
        }
        do {
            let received = try Self.patient.download(server.address, limit: 1000)
            #expect("hello".utf8.starts(with: received))
        } catch let error as ConvNetError {
            #expect(error.kind == .network)
        }
    }

    @Test(
        "that is not there is an error with the status",
        arguments: ["404 Not Found", "403 Forbidden", "500 No"]
    )
    func missing(status: String) throws {
        let server = try LocalServer { _ in LocalServer.answer(Array("nothing here".utf8), status: status) }
        #expect(error(server.address)?.received == "status \(status.prefix(3))")
    }

    @Test("follows a redirection in the same scheme")
    func redirection() throws {
        let server = try LocalServer { path in
            path == "/old" ? LocalServer.redirection(to: "/new") : LocalServer.answer([1, 2, 3])
        }
        #expect(try Self.patient.download(server.address + "old", limit: 10) == [1, 2, 3])
        #expect(server.paths == ["/old", "/new"])
    }

    @Test(
        "follows no redirection to another scheme",
        arguments: ["https://127.0.0.1:1/file", "ftp://127.0.0.1:1/file", "file:///etc/hostname"]
    )
    func otherScheme(target: String) throws {
        let server = try LocalServer { _ in LocalServer.redirection(to: target) }
        #expect(error(server.address)?.summary == "The server redirects to another scheme")
        #expect(server.paths == ["/"])
    }

    @Test("gives up on redirections without end")
    func endless() throws {
        let server = try LocalServer { path in LocalServer.redirection(to: path + "x") }
        _ = error(server.address)
        #expect(server.paths.count <= 17)
    }

    @Test("needs an address of the web", arguments: ["file:///etc/hostname", "ftp://127.0.0.1/", "", "file"])
    func address(text: String) {
        _ = error(text)
    }
}
