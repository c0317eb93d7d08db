#if Downloads

    import Foundation
    import SwiftConvNet

    #if canImport(FoundationNetworking)
        import FoundationNetworking
    #endif

    /// One download: the delegate of its session collects what comes, while the caller waits.
    ///
    /// A transfer that has failed is refused here, at the next word of the server, and never cancelled from
    /// outside: Foundation on Linux ends the process if a task is cancelled while it waits for the answer to a
    /// redirection or a response. What hangs ends by the session's own time-out.
    ///
    /// `@unchecked Sendable`: everything that changes is touched only with `condition` locked.
    final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        private static let maximumRedirections = 5

        private let address: String
        private let scheme: String
        private let limit: Int
        private let progress: DownloadProgress.Handler?

        private let condition = NSCondition()
        private var received: [UInt8] = []
        private var expectedCount: Int?
        private var redirections = 0
        private var hasAnswer = false
        private var isCancelled = false
        private var result: Result<Void, ConvNetError>?

        init(address: String, scheme: String, limit: Int, progress: DownloadProgress.Handler?) {
            self.address = address
            self.scheme = scheme
            self.limit = limit
            self.progress = progress
        }

        /// Waits for the end, but only as long as something comes, and returns the content.
        func wait(answerTimeout: TimeInterval, idleTimeout: TimeInterval) throws -> [UInt8] {
            condition.lock()
            defer { condition.unlock() }
            while result == nil {
                let before = (hasAnswer, received.count)
                let timeout = hasAnswer ? idleTimeout : answerTimeout
                let deadline = Date(timeIntervalSinceNow: timeout)
                while result == nil, before == (hasAnswer, received.count) {
                    guard condition.wait(until: deadline) else {
                        fail(
                            "The server does not \(before.0 ? "go on" : "answer")",
                            received: "nothing for \(timeout) s"
                        )
                        break
                    }
                }
            }
            try result?.get()
            return received
        }

        /// Ends the transfer with an error, unless it has ended; to be called with `condition` locked.
        private func fail(_ summary: String, expected: String? = nil, received: String? = nil) {
            finish(
                .failure(ConvNetError(.network, summary, at: address, expected: expected, received: received))
            )
        }

        private func finish(_ result: Result<Void, ConvNetError>) {
            guard self.result == nil else { return }
            self.result = result
            condition.broadcast()
        }

        func urlSession(
            _ session: URLSession,
            task: URLSessionTask,
            willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest,
            completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            // Foundation on Linux makes an address on the same server of one without a server, such as file:///x;
            // so it is the server's own words that count.
            let location = response.value(forHTTPHeaderField: "Location")
            let target = location ?? request.url?.absoluteString ?? "no address"
            let schemes = [location.flatMap(URL.init(string:))?.scheme?.lowercased(), request.url?.scheme]
            condition.lock()
            redirections += 1
            if schemes.contains(where: { $0 != nil && $0 != scheme }) {
                fail("The server redirects to another scheme", expected: "\(scheme)://", received: target)
            } else if redirections > Self.maximumRedirections {
                fail(
                    "The server redirects too often",
                    expected: "at most \(Self.maximumRedirections) times",
                    received: target
                )
            }
            let goesOn = result == nil
            condition.unlock()
            completionHandler(goesOn ? request : nil)
        }

        func urlSession(
            _ session: URLSession,
            dataTask: URLSessionDataTask,
            didReceive response: URLResponse,
            completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
        ) {
            condition.lock()
            let status = (response as? HTTPURLResponse)?.statusCode
            let length = Int(exactly: response.expectedContentLength) ?? -1
            if status != 200 {
                fail(
                    "The server does not have the file",
                    expected: "status 200",
                    received: "status \(status ?? 0)"
                )
            } else if length > limit {
                fail("The file is too large", expected: "at most \(limit) bytes", received: "\(length) bytes")
            } else {
                hasAnswer = true
                expectedCount = length >= 0 ? length : nil
            }
            let goesOn = result == nil
            condition.broadcast()
            condition.unlock()
            completionHandler(goesOn ? .allow : .cancel)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            condition.lock()
            if result == nil {
                if received.count + data.count > limit {
                    fail("The file is too large", expected: "at most \(limit) bytes", received: "more")
                } else {
                    received.append(contentsOf: data)
                    condition.broadcast()
                }
            }
            let goesOn = result == nil
            let cancels = !goesOn && !isCancelled
            isCancelled = isCancelled || cancels
            let state = DownloadProgress(
                address: address,
                receivedBytes: received.count,
                expectedBytes: expectedCount
            )
            condition.unlock()
            if goesOn { progress?(state) }
            // No callback is awaited here, so that this is safe.
            if cancels { dataTask.cancel() }
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?)
        {
            condition.lock()
            defer { condition.unlock() }
            if let error {
                fail("The download failed: \(error.localizedDescription)")
            } else {
                finish(.success(()))
            }
        }
    }

#endif
