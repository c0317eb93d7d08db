import Foundation
import SwiftConvNet

#if Downloads && canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Downloads files over HTTP into memory, up to a limit, without ever waiting long.
///
/// Without the package's trait `Downloads` there is no code for networks, and a download is an error.
package struct Downloader: Sendable {
    /// Whether the package was built with its trait `Downloads`.
    package static var isAvailable: Bool {
        #if Downloads
            true
        #else
            false
        #endif
    }

    /// What a build without the trait says, and how to change that.
    static let unavailable = "SwiftConvNet was built without its trait Downloads"
    static let remedy = "Enable the trait Downloads in the package that depends on SwiftConvNet"

    /// The seconds until a server must have answered.
    var answerTimeout: TimeInterval
    /// The seconds until more must have come, once a server has answered.
    var idleTimeout: TimeInterval

    /// A downloader that waits as long as is said here, in seconds.
    package init(answerTimeout: TimeInterval = 3, idleTimeout: TimeInterval = 10) {
        self.answerTimeout = answerTimeout
        self.idleTimeout = idleTimeout
    }

    /// The content at `address`.
    ///
    /// Redirections are followed only within the scheme of `address`.
    ///
    /// - Parameter limit: The largest size in bytes; a longer answer is broken off.
    /// - Throws: `ConvNetError` of kind `network`; of kind `environment` without enough file descriptors.
    package func download(
        _ address: String,
        limit: Int,
        progress: DownloadProgress.Handler? = nil
    ) throws -> [UInt8] {
        #if Downloads
            return try transfer(address, limit: limit, progress: progress)
        #else
            throw ConvNetError(.network, Self.unavailable, at: address, remedy: Self.remedy)
        #endif
    }
}

#if Downloads
    extension Downloader {
        private func transfer(_ address: String, limit: Int, progress: DownloadProgress.Handler?) throws
            -> [UInt8]
        {
            guard let url = URL(string: address), let scheme = url.scheme?.lowercased(),
                ["http", "https"].contains(scheme)
            else {
                throw ConvNetError(
                    .network,
                    "The address cannot be downloaded",
                    at: address,
                    expected: "http:// or https://"
                )
            }
            // More than a connection, its name's resolution and the session's queue take.
            try Descriptors.require(16, for: address)
            let configuration = URLSessionConfiguration.ephemeral
            configuration.timeoutIntervalForRequest = max(answerTimeout, idleTimeout)
            configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
            let transfer = Transfer(address: address, scheme: scheme, limit: limit, progress: progress)
            let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
            defer { session.finishTasksAndInvalidate() }
            session.dataTask(with: url).resume()
            return try transfer.wait(answerTimeout: answerTimeout, idleTimeout: idleTimeout)
        }
    }
#endif
