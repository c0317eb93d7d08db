/// What the fragments in documentation comments take for granted, as a file of their module. It is compiled, never run.
let fragmentContext = """
    import ConvNetDatasets
    import ConvNetImages
    import ConvNetInterop
    import ConvNetReports
    import Foundation
    import SwiftConvNet

    // A model, data to train and to validate it, and what training returns.
    var model: Model { fatalError() }
    var data: ArrayDataset { fatalError() }
    var validation: ArrayDataset { fatalError() }
    var labels: [Int32] { fatalError() }
    var history: History { fatalError() }
    var digest: String { fatalError() }
    var epoch: Int { fatalError() }

    // Outputs of layers.
    var x: LayerOutput { fatalError() }
    var y: LayerOutput { fatalError() }
    var branch1: LayerOutput { fatalError() }
    var branch2: LayerOutput { fatalError() }
    var branch3: LayerOutput { fatalError() }
    var left: LayerOutput { fatalError() }
    var right: LayerOutput { fatalError() }
    var z: LayerOutput { fatalError() }
    var gate: LayerOutput { fatalError() }
    var query: LayerOutput { fatalError() }
    var queries: LayerOutput { fatalError() }
    var keys: LayerOutput { fatalError() }
    var value: LayerOutput { fatalError() }

    // Models that others are made of, and data for them.
    var base: Model { fatalError() }
    var encoder: Model { fatalError() }
    var picture: Tensor { fatalError() }
    var images: Tensor { fatalError() }
    var others: Tensor { fatalError() }

    // The requests of a service.
    struct Request: Sendable { let image: Tensor }
    var requests: [Request] { fatalError() }
    func answer(_ request: Request, _ prediction: Tensor?) {}

    // The bytes of a picture.
    var pixels: [UInt8] { fatalError() }

    /// A custom layer.
    struct Scale: SampleLayer {
        static let kind = "Scale"
        func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
        func forward(_ sample: SampleContext) {}
        func backward(_ sample: SampleContext) {}
    }

    """
