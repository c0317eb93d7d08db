import Foundation
import SwiftConvNet
import Synchronization

/// A web server on this machine that says what a test wants to hear.
final class LocalServer: Sendable {
    /// What the server sends for a path: the raw bytes of an answer, or nil to say nothing and wait.
    typealias Answer = @Sendable (String) -> [UInt8]?

    /// The address of the server: "http://127.0.0.1:port/".
    let address: String
    private let listener: Int32
    private let asked = Mutex<[String]>([])
    private let sent = Atomic<Int>(0)

    /// The paths that were asked for.
    var paths: [String] { asked.withLock { $0 } }

    /// The bytes that clients have taken, or that lie in buffers on the way.
    var sentCount: Int { sent.load(ordering: .relaxed) }

    init(_ answer: @escaping Answer) throws {
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
                    var rest = bytes[...]
                    while !rest.isEmpty {
                        let count = rest.withUnsafeBytes {
                            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                        }
                        guard count > 0 else { break }
                        rest = rest.dropFirst(count)
                        self?.sent.add(count, ordering: .relaxed)
                    }
                    close(connection)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// An address at which nothing answers, for its port was just given up.
    static func refusingAddress() throws -> String {
        let (listener, port) = try listen()
        close(listener)
        return "http://127.0.0.1:\(port)/"
    }

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

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && Foundation.listen(listener, 16) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard ready else { throw ConvNetError(.network, "No socket: \(ConvNetError.systemMessage())") }
        return (listener, UInt16(bigEndian: address.sin_port))
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
