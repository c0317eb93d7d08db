/// Places for the boxes of an acyclic graph: in rows, each box below all that it reads.
///
/// The usual three steps (Sugiyama, Tagawa and Toda, Methods for visual understanding of hierarchical system structures, 1981): a row
/// for each distance from the beginning; within rows an order that follows the neighbours' mean, with stand-ins where an arrow passes;
/// then places near the neighbours' without overlap.
package struct LayeredLayout {
    /// A box, or the place where an arrow passes a row.
    private struct Item {
        let row: Int
        let width: Double
        var above: [Int] = []
        var below: [Int] = []
        var x = 0.0
    }

    /// The row of each box, from 0.
    package let rows: [Int]
    /// The middle of each box, from the left edge of all.
    package private(set) var x: [Double] = []
    /// For each box, for each of its inputs: the places in the rows between, from above to below.
    package private(set) var bends: [[[Double]]] = []
    /// The width of all.
    package private(set) var width = 0.0

    private var items: [Item] = []
    private var order: [[Int]] = []
    private let gap: Double

    /// - Parameters:
    ///   - inputs: for each box those that it reads, all before it.
    ///   - widths: those of the boxes.
    ///   - gap: what is free between two of a row.
    package init(inputs: [[Int]], widths: [Double], gap: Double) {
        self.gap = gap
        var rows: [Int] = []
        for inputs in inputs { rows.append((inputs.map { rows[$0] }.max() ?? -1) + 1) }
        self.rows = rows
        items = zip(rows, widths).map { Item(row: $0, width: $1) }
        var chains: [[[Int]]] = []
        for (place, inputs) in inputs.enumerated() {
            chains.append(inputs.map { connect($0, to: place) })
        }
        order = Array(repeating: [], count: (rows.max() ?? -1) + 1)
        for (place, item) in items.enumerated() { order[item.row].append(place) }
        for _ in 0..<4 {
            for row in order.indices.dropFirst() { sort(row, by: \.above) }
            for row in order.indices.dropLast().reversed() { sort(row, by: \.below) }
        }
        for row in order.indices { place(row, by: \.above) }
        for _ in 0..<4 {
            for row in order.indices.reversed() { place(row, by: \.below) }
            for row in order.indices { place(row, by: \.above) }
        }
        let left = items.map { $0.x - $0.width / 2 }.min() ?? 0
        for place in items.indices { items[place].x -= left }
        width = items.map { $0.x + $0.width / 2 }.max() ?? 0
        x = rows.indices.map { items[$0].x }
        bends = chains.map { $0.map { $0.map { items[$0].x } } }
    }

    /// Adds an arrow, with stand-ins in the rows that it passes.
    private mutating func connect(_ source: Int, to target: Int) -> [Int] {
        var last = source
        var chain: [Int] = []
        for row in stride(from: items[source].row + 1, to: items[target].row, by: 1) {
            items.append(Item(row: row, width: 8, above: [last]))
            items[last].below.append(items.count - 1)
            last = items.count - 1
            chain.append(last)
        }
        items[last].below.append(target)
        items[target].above.append(last)
        return chain
    }

    /// Orders a row by the mean place of neighbours in another one.
    private mutating func sort(_ row: Int, by neighbours: KeyPath<Item, [Int]>) {
        var positions = [Int](repeating: 0, count: items.count)
        for row in order { for (position, item) in row.enumerated() { positions[item] = position } }
        let keys = order[row].map { item in
            let near = items[item][keyPath: neighbours]
            return near.isEmpty
                ? Double(positions[item]) : near.reduce(0) { $0 + Double(positions[$1]) } / Double(near.count)
        }
        order[row] = zip(keys, order[row]).enumerated().sorted { first, second in
            (first.element.0, first.offset) < (second.element.0, second.offset)
        }.map(\.element.1)
    }

    /// Places a row near the mean place of neighbours, without overlap.
    private mutating func place(_ row: Int, by neighbours: KeyPath<Item, [Int]>) {
        let row = order[row]
        let wanted = row.map { item in
            let near = items[item][keyPath: neighbours]
            return near.isEmpty ? items[item].x : near.reduce(0) { $0 + items[$1].x } / Double(near.count)
        }
        var offset = 0.0
        for (position, item) in row.enumerated() {
            var x = wanted[position]
            if position > 0 {
                let before = items[row[position - 1]]
                x = max(x, before.x + (before.width + items[item].width) / 2 + gap)
            }
            items[item].x = x
            offset += wanted[position] - x
        }
        // What was pushed to the right comes back by half, as a whole.
        for item in row { items[item].x += offset / Double(row.count) }
    }
}
