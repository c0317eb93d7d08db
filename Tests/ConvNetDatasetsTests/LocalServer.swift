import ConvNetDatasets
import Foundation
import SwiftConvNet

/// A web server on this machine that says what a test wants to hear.
final class LocalServer: Sendable {
    /// What the server sends for a path: the raw bytes of an answer, or nil to say nothing and wait.
    typealias Answer = @Sendable (String) -> [UInt8]?

    /// The address of the server: "http://127.0.0.1:port/".
    let address: String
    private let listener: Int32
    private let asked = Lock<[String]>([])
    private let hangUp = DispatchSemaphore(value: 0)

    /// The paths that were asked for.
    var paths: [String] { asked.withLock { $0 } }

    /// A downloader whose time-outs only end a test that hangs: a busy machine must not look like a silent server.
    static let patientDownloader = Downloader(answerTimeout: 600, idleTimeout: 600)

    /// A server that gives answers.
    convenience init(_ answer: @escaping Answer) throws {
        try self.init(answer: answer, isEndless: false)
    }

    /// A server that repeats the last million bytes of its answer until the client hangs up.
    convenience init(endless head: [UInt8]) throws {
        try self.init(
            answer: { _ in head + [UInt8](repeating: 7, count: 1_000_000) },
            isEndless: true
        )
    }

    private init(answer: @escaping Answer, isEndless: Bool) throws {
        let (listener, port) = try Self.listen()
        self.listener = listener
        address = "http://127.0.0.1:\(port)/"
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread { [weak self] in
                    guard let path = Self.path(of: connection) else { return }
                    self?.asked.withLock { $0.append(path) }
                    guard let bytes = answer(path) else { return }  // the connection stays open
                    var isTaken = Self.send(bytes[...], to: connection)
                    while isEndless, isTaken {
                        // What waits for the client's delegate lies in memory: at most 100 MB a second.
                        usleep(10_000)
                        isTaken = Self.send(bytes.suffix(1_000_000), to: connection)
                    }
                    close(connection)
                    if !isTaken { self?.hangUp.signal() }
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Waits until a client has hung up before it had everything; false if none does for minutes.
    func waitForHangUp() -> Bool { hangUp.wait(timeout: .now() + 600) == .success }

    /// An address at which nothing answers. Its port stays taken, or the server of another test could get it.
    static func refusingAddress() throws -> String { "http://127.0.0.1:\(try bind().port)/" }

    /// An answer with a body.
    static func answer(_ body: [UInt8], status: String = "200 OK", length: Int? = nil) -> [UInt8] {
        Array(
            "HTTP/1.1 \(status)\r\nContent-Length: \(length ?? body.count)\r\nConnection: close\r\n\r\n".utf8
        ) + body
    }

    /// An answer that sends the client elsewhere.
    static func redirection(to address: String) -> [UInt8] {
        Array(
            "HTTP/1.1 302 Found\r\nLocation: \(address)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .utf8
        )
    }

    /// Sends bytes; false if the client has hung up.
    private static func send(_ bytes: ArraySlice<UInt8>, to connection: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func listen() throws -> (Int32, UInt16) {
        let (listener, port) = try bind()
        guard Foundation.listen(listener, 16) == 0 else { throw noSocket() }
        return (listener, port)
    }

    /// A socket with a port of its own, which nobody listens to yet.
    private static func bind() throws -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard ready else { throw noSocket() }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func noSocket() -> ConvNetError {
        ConvNetError(.network, "No socket: \(ConvNetError.systemMessage())")
    }

    private static func path(of connection: Int32) -> String? {
        var request: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            request += piece.prefix(count)
        }
        return String(decoding: request, as: UTF8.self).split(separator: " ").dropFirst().first.map(
            String.init
        )
    }
}
