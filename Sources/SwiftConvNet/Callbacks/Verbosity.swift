/// What `fit` prints, to standard error, as Keras' `verbose`.
public enum Verbosity: Sendable, Hashable {
    /// A progress bar on a terminal, one line per epoch else.
    case automatic
    /// Nothing.
    case silent
    /// A progress bar.
    case progressBar
    /// One line per epoch.
    case oneLinePerEpoch

    var callbacks: [any Callback] { [] }
}
