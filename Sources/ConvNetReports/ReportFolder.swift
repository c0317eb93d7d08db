import SwiftConvNet

/// A folder that charts, tables and other results are written into. Each file is written whole or not at all: a failed write leaves
/// an older one as it is.
///
/// ```swift
/// let folder = try ReportFolder("results")
/// let chart = LineChart(title: "Loss", xAxis: "epoch", yAxis: "loss", series: [.init("training", values: [0.9, 0.4, 0.2])])
/// try folder.write(chart.svg(), as: "loss.svg")
/// ```
public struct ReportFolder: Sendable {
    /// The path of the folder.
    public let path: String

    /// Makes the folder, and those on the way to it, if they are not there.
    ///
    /// - Parameters:
    ///   - path: where it is to be.
    ///   - remedy: what an error says that its reader can do. Default none.
    /// - Throws: `ConvNetError` of kind `file` that names the part of the path at which the system refused, and why.
    public init(_ path: String, remedy: String? = nil) throws {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try Folders.make(path, as: "the output folder", remedy: remedy)
    }

    /// The path of a file in the folder.
    public func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a text file, replacing an older one of that name.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be written.
    public func write(_ text: String, as name: String) throws {
        try AtomicFile.write(text, to: path(of: name))
    }

    /// Writes a file of bytes, such as a PNG, replacing an older one of that name.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be written.
    public func write(_ bytes: [UInt8], as name: String) throws {
        try AtomicFile.write(bytes, to: path(of: name))
    }
}
