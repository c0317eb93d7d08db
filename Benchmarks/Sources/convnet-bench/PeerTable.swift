import BenchmarkCore
import SwiftConvNet

/// A table with a column for us and one for each peer, and the ratios behind them.
struct PeerTable {
    private let name: String, title: String, rowTitle: String
    private let quantity: Quantity
    private var notes: [String]
    private var figures: [Figure] = []
    private var versions: [(name: String, text: String)] = []
    private var failures: [String] = []
    private var ratios: [Double] = []
    /// The largest difference between the outputs of each check, as a share of the largest output.
    var differences: [Double] = []

    init(name: String, title: String, rowTitle: String, quantity: Quantity, notes: [String]) {
        self.name = name
        self.title = title
        self.rowTitle = rowTitle
        self.quantity = quantity
        self.notes = notes
    }

    /// Notes what a peer says of itself.
    mutating func note(_ ready: PeerEvent, _ name: String) {
        guard !versions.contains(where: { $0.name == name }) else { return }
        let packages = (ready.versions ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let threads = ready.threads.map { ", \($0) threads" } ?? ""
        versions.append(
            (name, packages.joined(separator: ", ") + threads + ", allocator \(ready.allocator ?? "unknown")")
        )
    }

    /// Notes that a peer takes no part in a row, and why.
    mutating func addFailure(_ name: String, _ error: any Error, row: String) {
        let reason = (error as? ConvNetError)?.summary ?? "\(error)"
        failures.append("\(name) at \(row): \(reason)")
        figures.append(Figure(row, name, quantity, missing: "failed"))
        Console.note("\(name) at \(row): \(error)")
    }

    /// Adds a row, ours first.
    mutating func add(_ row: String, _ sides: [Contest.Side], _ values: [Result<[Double], any Error>]) {
        add(row, sides.map(\.name), values)
    }

    /// Adds a row, ours first.
    mutating func add(
        _ row: String,
        _ names: [String],
        _ values: [Result<[Double], any Error>],
        quantity: Quantity? = nil
    ) {
        let quantity = quantity ?? self.quantity
        let ours = names.first == "ours" ? (try? values.first?.get()).map { Statistics($0).median } : nil
        func ratio(_ theirs: Double) -> Double? {
            ours.map { quantity.isBetterWhenLarger ? $0 / theirs : theirs / $0 }
        }
        var found: [Figure] = []
        var others: [Double] = []
        for (name, values) in zip(names, values) {
            switch values {
            case .success(let values):
                let median = Statistics(values).median
                let own = name == "ours" ? nil : ratio(median)
                if name != "ours" { others.append(median) }
                let note = own.map { " (\(Quantity.ratio.text($0))×)" } ?? ""
                found.append(Figure(row, name, quantity, values, note: note))
            case .failure(let error): addFailure(name, error, row: row)
            }
        }
        // Ours first even where a peer has failed before.
        figures = figures.filter { $0.row != row } + found + figures.filter { $0.row == row }
        guard let best = quantity.isBetterWhenLarger ? others.max() : others.min(), let ratio = ratio(best)
        else { return }
        ratios.append(ratio)
        figures.append(Figure(row, "ours against the best", .ratio, derived: ratio))
    }

    /// The table as it is now.
    var section: ReportSection {
        var notes = notes
        notes.append("(×): how many times as good as theirs ours is; more than 1 means that ours is better")
        if ratios.count > 1 {
            notes.append(
                "geometric mean of the ratios: \(Quantity.ratio.text(Statistics.geometricMean(ratios)))"
            )
        }
        if let largest = differences.max() {
            notes.append(
                "outputs from the same weights differ by at most \(Quantity.error.text(largest)) of the largest "
                    + "output"
            )
        }
        notes += versions.map { "\($0.name): \($0.text)" } + failures
        return ReportSection(
            name: name,
            title: title,
            rowTitle: rowTitle,
            charted: quantity,
            notes: notes,
            figures: ordered
        )
    }

    /// Every row's figures together, columns in one order: ours, the peers, the ratio.
    private var ordered: [Figure] {
        var seen = Set<String>()
        let rows = figures.map(\.row).filter { seen.insert($0).inserted }
        let sorted = rows.flatMap { row in figures.filter { $0.row == row } }
        return sorted.filter { !$0.isDerived } + sorted.filter(\.isDerived)
    }
}
