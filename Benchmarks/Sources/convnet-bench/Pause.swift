import Foundation

/// Waiting without work.
enum Pause {
    static func wait(seconds: Double) { Thread.sleep(forTimeInterval: seconds) }
}
