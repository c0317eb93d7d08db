extension MetricSample {
    private var classes: Int { max(shape.last ?? 1, 1) }

    /// The class at a place of a map, as a number; a sample that is no map has the one place 0.
    func label(at place: Int) -> Float { target.isEmpty ? Float(label) : target[place] }

    /// The target values at a place.
    func targets(at place: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: target[(place * classes)..<((place + 1) * classes)])
    }

    /// The share of places where the predictions of the classes are right.
    func shareOfPlaces(where isRight: (_ predictions: UnsafeBufferPointer<Float>, _ place: Int) -> Bool)
        -> Double
    {
        let classes = classes
        let places = prediction.count / classes
        guard places > 0 else { return 0 }
        var right = 0
        for place in 0..<places {
            let row = UnsafeBufferPointer(rebasing: prediction[(place * classes)..<((place + 1) * classes)])
            if isRight(row, place) { right += 1 }
        }
        return Double(right) / Double(places)
    }
}

extension TargetKind {
    /// Checks that there is one value for each number of an output.
    package func validateValues(for output: Shape, metric: String) throws {
        guard areValues(of: output) else {
            throw ConvNetError(
                .data,
                "The metric \(metric) compares predictions with as many target values",
                at: "metrics",
                expected: "a Tensor of \(output) values per sample",
                received: "\(self)",
                remedy: "The metric accuracy chooses the kind that fits"
            )
        }
    }

    /// Checks that there is one class for each place of an output.
    func validateClasses(of output: Shape, metric: String) throws {
        guard areClasses(of: output) else {
            throw ConvNetError(
                .data,
                "The metric \(metric) compares predictions with integer classes",
                at: "metrics",
                expected: output.rank == 1
                    ? "Labels" : "a Tensor of class numbers, \(Shape(Array(output.dropLast()))) each",
                received: "\(self)",
                remedy: "The metric accuracy chooses the kind that fits"
            )
        }
    }
}
