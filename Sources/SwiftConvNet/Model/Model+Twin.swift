extension Model {
    /// A model with parameters of its own, whose values are still to be set: to compute as this one does, and leave it as it is.
    ///
    /// - Parameter compilation: what it is compiled with, if it is to be: loss, optimizer and frozen layers.
    func twin(compiledAs compilation: Compilation?) throws -> Model {
        let twin = try Model(
            Assembly(graph),
            name: name,
            seed: seed,
            options: options,
            initialize: false
        )
        if let compilation {
            try twin.compile(
                optimizer: compilation.optimizer.optimizer,
                rule: compilation.optimizer.rule,
                criteria: compilation.criteria.withoutMetrics,
                frozen: compilation.frozen
            )
        }
        return twin
    }
}
