import SwiftConvNet
import Synchronization

/// Says once that a dataset is only the sample: whoever asked for MNIST would wonder at the accuracy.
package final class SampleNotice: Sendable {
    /// The notice of this process, on standard error.
    static let shared = SampleNotice { StandardError.write($0) }

    private let isShown = Atomic(false)
    private let sink: @Sendable (String) -> Void

    /// - Parameter sink: receives the text.
    package init(sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    /// Shows the notice if the dataset is the sample, unless it has been shown.
    package func show(for dataset: LoadedDataset) {
        guard dataset.source == .sample, !isShown.exchange(true, ordering: .relaxed) else { return }
        let places = dataset.passedOver.map { "  - \($0)\n" }.joined()
        let download =
            Downloader.isAvailable ? "allow a download once" : "enable the package's trait Downloads"
        sink(
            """
            MNIST.load() has not found the whole of MNIST (70,000 digits). It loads the sample in the package instead:
            \(dataset.train.count) digits for training and \(dataset.test.count) for testing. A network that reaches 99 % with the whole reaches about
            96 % with the sample. Where it looked:
            \(places)For the whole, \(download), or name a folder that has the four files: MNIST.load(from: folder), or
            SWIFTCONVNET_DATA for the folder around mnist/. MNIST.sample() and MNIST.load(verbose: .silent) show no notice.

            """
        )
    }
}
