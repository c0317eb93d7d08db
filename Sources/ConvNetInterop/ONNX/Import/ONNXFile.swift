import Foundation

/// An ONNX file: a network of another library.
///
/// ```swift
/// let model = try ONNXFile(contentsOf: "resnet18.onnx").imported().model
/// ```
///
/// Opset 7 to 28 is read. What this library does not know is refused with a list of all of it.
public struct ONNXFile: Sendable {
    /// Where it is.
    public let path: String
    let proto: ModelProto
    let graph: GraphProto

    /// Reads a file; weights stay in it until the network is made.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read, of kind `format` if it is no ONNX file.
    public init(contentsOf path: String) throws {
        try self.init(FileBytes(path: path, limit: WireReader.sizeLimit))
    }

    /// A file that is in memory.
    ///
    /// - Parameter path: what errors call it, and in whose folder elements of other files are looked for.
    /// - Throws: `ConvNetError` of kind `format` if it is no ONNX file.
    public init(bytes: [UInt8], path: String = "model.onnx") throws {
        try self.init(FileBytes(bytes, path: path))
    }

    private init(_ file: FileBytes) throws {
        path = file.path
        proto = try ModelProto(file)
        guard let graph = proto.graph, !graph.outputs.isEmpty else {
            throw ConvNetError(
                .format,
                "The file has no graph",
                at: path,
                expected: "an ONNX model with a graph that has outputs"
            )
        }
        self.graph = graph
    }

    /// The names of the graph's inputs; initializers may be among them.
    package var inputNames: [String] { graph.inputs.map(\.name) }
    /// The names of the graph's outputs.
    public var outputNames: [String] { graph.outputs.map(\.name) }
    /// The types and the names of the graph's nodes.
    package var nodes: [(type: String, name: String)] { graph.nodes.map { ($0.operatorType, $0.name) } }
    /// The names of the graph's initializers.
    package var initializerNames: [String] { graph.initializers.map(\.name) }

    /// Makes the network of the file.
    ///
    /// - Throws: `ConvNetError` of kind `argument` that lists, node by node, what is not supported; of kind `format` or `file` if
    ///   weights cannot be read.
    public func imported(_ options: ONNXOptions = ONNXOptions()) throws -> ImportedONNX {
        try ImportAttempts(file: self, options: options).run()
    }
}

extension Model {
    /// The network of an ONNX file.
    ///
    /// - Throws: as `ONNXFile` and its `imported`.
    public static func load(onnx path: String, options: ONNXOptions = ONNXOptions()) throws -> Model {
        try ONNXFile(contentsOf: path).imported(options).model
    }
}
