/// What the first axis of the first input means, and so which operators a graph may have.
enum SampleRule: String, Codable, Sendable {
    /// It has the size 1, and is the batch: each sample is a call of the graph.
    case single
    /// It has any size, and is the batch: nothing may mix what lies along it.
    case open
    /// It has another fixed size, and is the batch only if every operator treats what lies along it apart.
    case strict
    /// It is part of a sample: there is no batch in the graph.
    case none
}
