/// What `fit`, `evaluate` and `predict` print, to standard error, as Keras' `verbose`. Loading a dataset takes it too: there `.silent` shows no
/// notice, and all others are the same.
public enum Verbosity: Sendable, Hashable {
    /// A progress bar on a terminal; else one line for each epoch, or for the evaluation or prediction.
    case automatic
    /// Nothing.
    case silent
    /// A progress bar.
    case progressBar
    /// One line for each epoch, or for the evaluation or prediction.
    case oneLinePerEpoch

    var callbacks: [any Callback] {
        switch self {
        case .silent: []
        case .automatic: [ProgressLogger(StandardError.isTerminal ? .bar : .lines)]
        case .progressBar: [ProgressLogger(.bar)]
        case .oneLinePerEpoch: [ProgressLogger(.lines)]
        }
    }
}
