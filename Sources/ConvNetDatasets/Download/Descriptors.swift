import Foundation
import SwiftConvNet

/// The file descriptors that this process may still open.
enum Descriptors {
    /// Checks that `count` more can be had, for what errors call `role`; Foundation's downloads end the process without
    /// those that they need.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if not.
    static func require(_ count: Int, for role: String) throws {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < count {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw ConvNetError(
                    .environment,
                    "There are not enough file descriptors: \(ConvNetError.systemMessage())",
                    at: role,
                    expected: "\(count) more",
                    received: "\(opened.count)",
                    remedy: "Raise the limit (ulimit -n)"
                )
            }
            opened.append(descriptor)
        }
    }
}
