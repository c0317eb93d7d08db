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
    ///
    /// - Parameter allocator: the one that was to be preloaded; where it is not there, the loader leaves it out.
    mutating func note(_ ready: PeerEvent, _ name: String, wanting allocator: String?) {
        guard !versions.contains(where: { $0.name == name }) else { return }
        let packages = (ready.versions ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let threads = ready.threads.map { ", \($0) threads" } ?? ""
        var text = packages.joined(separator: ", ") + threads + ", allocator \(ready.allocator ?? "unknown")"
        if let allocator, ready.allocator == "system" {
            text += " (\(allocator) could not be loaded: apt install libjemalloc2)"
        }
        versions.append((name, text))
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
        _ row: String, _ names: [String], _ values: [Result<[Double], any Error>], quantity: Quantity? = nil
    ) {
        let quantity = quantity ?? self.quantity
        var found: [Figure] = []
        for (name, values) in zip(names, values) {
            switch values {
            case .success(let values): found.append(Figure(row, name, quantity, values))
            case .failure(let error): addFailure(name, error, row: row)
            }
        }
        // Ours first even where a peer failed before.
        figures = figures.filter { $0.row != row } + found + figures.filter { $0.row == row }
        guard names.first == "ours", let ours = found.first?.median, ours > 0 else { return }
        let others = found.dropFirst().compactMap(\.median)
        let best = quantity.isBetterWhenLarger ? others.max() : others.min()
        guard let best, best > 0 else { return }
        let ratio = quantity.isBetterWhenLarger ? ours / best : best / ours
        ratios.append(ratio)
        figures.append(Figure(row, "ours against the best", .ratio, derived: ratio))
    }

    /// The table as it is now.
    var section: ReportSection {
        var notes = notes
        notes.append("ours against the best of them: more than 1 means that ours is better")
        if ratios.count > 1 {
            notes.append(
                "geometric mean of the ratios: \(Quantity.ratio.text(Statistics.geometricMean(ratios)))")
        }
        if let largest = differences.max() {
            notes.append(
                "outputs from the same weights differ by at most \(Quantity.error.text(largest)) of the largest "
                    + "output")
        }
        notes += versions.map { "\($0.name): \($0.text)" } + failures
        return ReportSection(
            name: name, title: title, rowTitle: rowTitle, charted: quantity, notes: notes,
            figures: ordered)
    }

    /// Every row's figures together, columns in one order: ours, the peers, the ratio.
    private var ordered: [Figure] {
        var seen = Set<String>()
        let rows = figures.map(\.row).filter { seen.insert($0).inserted }
        let sorted = rows.flatMap { row in figures.filter { $0.row == row } }
        return sorted.filter { !$0.isDerived } + sorted.filter(\.isDerived)
    }
}
