import BenchmarkCore
import SwiftConvNet

/// One piece of work that we and some peers do in turn.
struct Contest {
    /// What one side does with some steps; returns seconds and samples.
    typealias Run = (_ steps: Int) throws -> (seconds: Double, samples: Int)

    /// One of those who take part.
    struct Side {
        let name: String
        let run: Run
    }

    let rounds: Int
    /// About how long one run is to take, in seconds.
    let seconds: Double

    /// Runs each side in turn, round by round.
    ///
    /// - Returns: for each side the samples per second of each round, or what went wrong.
    func rates(_ sides: [Side]) -> [Result<[Double], any Error>] {
        var steps = sides.map { side in Result { try calibrate(side) } }
        var rates = sides.map { _ in [Double]() }
        for _ in 0..<rounds {
            for (place, side) in sides.enumerated() {
                guard case .success(let count) = steps[place] else { continue }
                // What a side's threads do after its run, such as waiting by spinning, must not cost the next one.
                Pause.wait(seconds: 0.3)
                do {
                    let run = try side.run(count)
                    rates[place].append(Double(run.samples) / run.seconds)
                } catch { steps[place] = .failure(error) }
            }
        }
        return zip(steps, rates).map { steps, rates in steps.map { _ in rates } }
    }

    /// The steps that take about as long as a run is to take; the runs made on the way warm up.
    private func calibrate(_ side: Side) throws -> Int {
        var steps = 1
        while true {
            let time = try side.run(steps).seconds
            if time > seconds / 4 || steps >= 1 << 20 {
                return max(1, Int((Double(steps) * seconds / max(time, 1e-9)).rounded()))
            }
            steps *= max(2, min(16, Int(seconds / 4 / max(time, 1e-9))))
        }
    }
}
