/// What `fit` prints, to standard error, as Keras' `verbose`. Loading a dataset takes it too: there `.silent` shows no
/// notice, and all others are the same.
public enum Verbosity: Sendable, Hashable {
    /// A progress bar on a terminal, one line per epoch else.
    case automatic
    /// Nothing.
    case silent
    /// A progress bar.
    case progressBar
    /// One line per epoch.
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
