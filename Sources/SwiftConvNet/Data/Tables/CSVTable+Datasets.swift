extension CSVTable {
    /// A dataset of rows: columns of numbers as inputs `[columns]`, and a column of class names as the target. The
    /// dataset has the names, and `fit` keeps them with the model.
    ///
    /// - Parameters:
    ///   - inputs: the columns that enter the model, in this order; `nil`, the default, for all but the target's.
    ///   - label: the column that names the class.
    ///   - classNames: the names of the classes; `nil`, the default, for `classNames(of:)`.
    /// - Throws: as `numbers(_:)` and `labels(_:classNames:)`.
    public func dataset(inputs: [String]? = nil, label: String, classNames: [String]? = nil) throws
        -> ArrayDataset
    {
        let classNames = try classNames ?? self.classNames(of: label)
        var data = try ArrayDataset(
            numbers(inputs ?? others([label])),
            labels(label, classNames: classNames)
        )
        data.classNames = classNames
        return data
    }

    /// A dataset of rows: columns of numbers as inputs `[columns]`, and columns of numbers as targets `[targets]`, to
    /// regress on.
    ///
    /// - Parameters:
    ///   - inputs: the columns that enter the model, in this order; `nil`, the default, for all but the targets'.
    ///   - targets: the columns that are to be predicted.
    /// - Throws: as `numbers(_:)`; of kind `argument`, too, if no target is named.
    public func dataset(inputs: [String]? = nil, targets: [String]) throws -> ArrayDataset {
        try check(targets, "targets")
        return try ArrayDataset(numbers(inputs ?? others(targets)), numbers(targets))
    }

    /// A dataset of rows, each with any number of labels: columns of numbers as inputs `[columns]`, and columns of 0 and 1
    /// as targets `[labels]`, for a network that ends in `sigmoid` and has `binaryCrossentropy` for its loss.
    ///
    /// - Parameters:
    ///   - inputs: the columns that enter the model, in this order; `nil`, the default, for all but the labels'.
    ///   - multiLabel: the columns of 0 and 1 (or `true` and `false`), one for each label.
    /// - Throws: as `numbers(_:)` and `bits(_:)`; of kind `argument`, too, if no label is named.
    public func dataset(inputs: [String]? = nil, multiLabel: [String]) throws -> ArrayDataset {
        try check(multiLabel, "multiLabel")
        return try ArrayDataset(numbers(inputs ?? others(multiLabel)), bits(multiLabel))
    }

    /// A dataset of rows without targets, to predict from.
    ///
    /// - Parameter inputs: the columns that enter the model, in this order; `nil`, the default, for all.
    /// - Throws: as `numbers(_:)`.
    public func dataset(inputs: [String]? = nil) throws -> ArrayDataset {
        try ArrayDataset(.values(numbers(inputs ?? columns)), nil)
    }

    private func others(_ targets: [String]) -> [String] { columns.filter { !targets.contains($0) } }

    private func check(_ targets: [String], _ argument: String) throws {
        guard targets.isEmpty else { return }
        throw ConvNetError(
            .argument,
            "No target column is named",
            at: "\(path), \(argument)",
            expected: "at least one of \(columns.prefix(20).joined(separator: ", "))",
            received: "none"
        )
    }
}
