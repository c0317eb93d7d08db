/// Writes how training comes along, to standard error unless another place is given. `fit` makes one by its
/// `verbose`.
///
/// Keras writes to standard output. Here that is left to a program's results, so that they can be piped while the progress
/// stays on the terminal.
public final class ProgressLogger: Callback {
    /// The form of the text.
    public enum Style: Sendable, Hashable, Codable {
        /// A bar that is redrawn while an epoch runs; for terminals.
        case bar
        /// One line per epoch, without control characters; for files and pipes.
        case lines
    }

    public var receivesBatches: Bool { style == .bar }
    public var receivesInference: Bool { true }

    /// Seconds that have to pass before the bar is drawn again.
    static let interval = 0.1
    /// Characters of the bar, as many as Keras' has.
    private static let barWidth = 20

    private let style: Style
    private let characters: TerminalCharacters
    private let columns: () -> Int?
    private let sink: (String) -> Void
    private let clock = ContinuousClock()
    private var lastDrawing: ContinuousClock.Instant?
    private var isLineOpen = false
    private var run: TrainingRun?
    /// The last batch of an evaluation or a prediction.
    private var lastBatch: InferenceBatch?
    /// How many of the history's warnings have been written.
    private var warningCount = 0

    /// A callback that writes progress.
    ///
    /// - Parameters:
    ///   - style: the form of the text.
    ///   - characters: the characters of the bar; unless given, what the locale of the process can show.
    ///   - sink: receives the text, piece by piece; `nil` for standard error.
    public convenience init(
        _ style: Style,
        characters: TerminalCharacters = .current,
        sink: ((String) -> Void)? = nil
    ) {
        if let sink {
            self.init(style, characters: characters, columns: { nil }, sink: sink)
        } else {
            self.init(
                style,
                characters: characters,
                columns: { StandardError.columns },
                sink: StandardError.write
            )
        }
    }

    /// - Parameter columns: how many characters fit a line, if that is known: a longer line could not be redrawn.
    package init(
        _ style: Style,
        characters: TerminalCharacters = .current,
        columns: @escaping () -> Int?,
        sink: @escaping (String) -> Void
    ) {
        self.style = style
        self.characters = characters
        self.columns = columns
        self.sink = sink
    }

    /// What was thrown in the middle of an epoch is to be printed on a line of its own.
    deinit { if isLineOpen { sink("\n") } }

    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run):
            self.run = run
            warningCount = 0
            if let resumption = run.resumption { announce(resumption) }
        case .epochBegan(let epoch):
            if style == .bar { sink("Epoch \(epoch)/\(run?.epochs ?? epoch)\n") }
        case .batchEnded(let record): if style == .bar { draw(record, in: session) }
        case .epochEnded(let record): finish(record, in: session)
        case .trainingEnded(let history):
            closeLine()
            if let reason = history.stopReason { sink("Stopped: \(reason)\n") }
            run = nil
        }
        writeWarnings(of: session)
    }

    /// What `evaluate` and `predict` do; the validation of `fit` is part of the epoch's line.
    public func receive(_ event: InferenceEvent, by model: Model) throws {
        switch event {
        case .began: (lastDrawing, lastBatch) = (nil, nil)
        case .batchEnded(let batch, let run):
            guard run.purpose != .validation else { return }
            lastBatch = batch
            if style == .bar { draw(batch, of: run, by: model) }
        case .ended(let run, let values):
            guard run.purpose != .validation, let lastBatch else { return }
            finish(lastBatch, of: run, values, by: model)
        }
    }

    private func draw(_ batch: InferenceBatch, of run: InferenceRun, by model: Model) {
        let now = clock.now
        if let lastDrawing, lastDrawing.duration(to: now).seconds < Self.interval { return }
        lastDrawing = now
        let rate = Double(batch.samplesSeen) / max(batch.seconds, 1e-9)
        let left = Double(run.sampleCount - batch.samplesSeen) / rate
        redraw(batch.batch, of: run.steps, "\(Self.duration(left)) left", cut: true) {
            line([$0], rate: rate, values: batch.values, of: model)
        }
    }

    private func finish(
        _ batch: InferenceBatch,
        of run: InferenceRun,
        _ values: MetricValues?,
        by model: Model
    ) {
        let rate = Double(batch.samplesSeen) / max(batch.seconds, 1e-9),
            seconds = Self.duration(batch.seconds)
        switch style {
        case .lines:
            let head = [run.purpose == .prediction ? "Prediction" : "Evaluation", seconds]
            sink(line(head, rate: rate, values: values, of: model) + "\n")
        case .bar:
            redraw(run.steps, of: run.steps, seconds, cut: false) {
                line([$0], rate: rate, values: values, of: model)
            }
            closeLine()
        }
    }

    private func writeWarnings(of session: TrainingSession) {
        let warnings = session.history.warnings
        guard warnings.count > warningCount else { return }
        closeLine()
        for warning in warnings[warningCount...] { sink("Warning: \(warning)\n") }
        warningCount = warnings.count
    }

    private func announce(_ resumption: Resumption) {
        for notice in resumption.notices { sink(notice + "\n") }
        guard let run, resumption.epoch <= run.epochs else { return sink("All epochs are done already\n") }
        let place =
            resumption.batch == 0 ? "" : " after batch \(resumption.batch)/\(run.stepsPerEpoch)"
        sink("Going on in epoch \(resumption.epoch)/\(run.epochs)\(place)\n")
    }

    private func draw(_ record: BatchRecord, in session: TrainingSession) {
        guard let run else { return }
        let now = clock.now
        let isLast = record.batch == run.stepsPerEpoch && run.validationSampleCount > 0
        if !isLast, let lastDrawing, lastDrawing.duration(to: now).seconds < Self.interval { return }
        lastDrawing = now
        let rate = Double(record.samplesSeen) / max(record.seconds, 1e-9)
        let left = Double(run.sampleCount - record.samplesSeen) / rate
        redraw(record.batch, of: run.stepsPerEpoch, "\(Self.duration(left)) left", cut: true) {
            line([$0], rate: rate, values: record.values, of: session.model)
        }
    }

    private func finish(_ record: EpochRecord, in session: TrainingSession) {
        let seconds = Self.duration(record.seconds)
        switch style {
        case .lines:
            let head = ["Epoch \(record.epoch)/\(run?.epochs ?? record.epoch)", seconds]
            sink(line(head, rate: record.samplesPerSecond, values: record.values, of: session.model) + "\n")
        case .bar:
            let steps = run?.stepsPerEpoch ?? 1
            // Nothing is drawn over it any more: it may take two lines, and keeps its figures.
            redraw(steps, of: steps, seconds, cut: false) {
                line([$0], rate: record.samplesPerSecond, values: record.values, of: session.model)
            }
            closeLine()
        }
    }

    private func line(_ parts: [String], rate: Double, values: MetricValues?, of model: Model) -> String {
        let unit = model.inputShape.rank == 3 ? "images/s" : "samples/s"
        let speed = rate < 1e15 ? "\(Int(rate.rounded())) \(unit)" : ""
        return (parts + [speed, values?.description ?? ""]).filter { !$0.isEmpty }.joined(separator: " - ")
    }

    /// Draws the line, with as much of the bar as there is room for.
    private func redraw(_ step: Int, of steps: Int, _ time: String, cut: Bool, _ line: (String) -> String) {
        var text = line("\(bar(step, of: steps, width: Self.barWidth)) \(time)")
        if let columns = columns(), columns > 1 {
            let room = Self.barWidth - max(text.count - (columns - 1), 0)
            if room < Self.barWidth { text = line("\(bar(step, of: steps, width: room)) \(time)") }
            if cut { text = String(text.prefix(columns - 1)) }
        }
        // Back to the beginning of the line, and what is left of the line before is erased.
        sink("\r\(text)\u{1B}[K")
        isLineOpen = true
    }

    private func closeLine() {
        if isLineOpen { sink("\n") }
        isLineOpen = false
    }

    /// The step, and the bar unless it would be too short to show anything.
    private func bar(_ step: Int, of steps: Int, width: Int) -> String {
        let filled = steps > 0 ? width * step / steps : width
        let total = "\(steps)", now = "\(step)"
        let space = String(repeating: " ", count: max(0, total.count - now.count))
        let counter = "\(space)\(now)/\(total)"
        guard width >= 4 else { return counter }
        let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
        return counter + " " + characters.shown(bar)
    }

    /// `3.1 s`, `2 min 05 s`, `1 h 02 min`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds < 59.95 {
            let tenths = Int((seconds * 10).rounded())
            return "\(tenths / 10).\(tenths % 10) s"
        }
        let whole = Int(seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
        return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
    }
}
