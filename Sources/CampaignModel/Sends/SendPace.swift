/// How fast a send goes, and when it will have ended at that pace, from what was seen of its progress. It reads no
/// clock: each look comes with its time.
public struct SendPace: Sendable {
    /// Over how long it is measured.
    public let window: Duration
    /// From less, the pace is that of one stroke of luck.
    public let shortestSpan: Duration
    /// What is kept of a window; looks that come more often replace each other.
    private static let samplesInWindow = 60
    /// Further ahead nothing is forecast: the pace will not be the same in a year.
    public static let horizonSeconds: Double = 365 * 86_400

    private struct Sample {
        let time: Duration
        let done: Int64
    }

    private var samples: [Sample] = []
    private var total: Int64?

    /// Half a minute is long enough to even out a surface that tells its progress by the thousand, and short enough to
    /// follow one that slows down.
    public init(window: Duration = .seconds(30), shortestSpan: Duration = .seconds(3)) {
        self.window = window
        self.shortestSpan = shortestSpan
    }

    /// Takes in how far the send had come at a time.
    ///
    /// - Parameter time: since any moment, on a clock that never goes back; a time before the last one's is left out.
    public mutating func note(_ progress: SendProgress, at time: Duration) {
        total = progress.total
        guard let done = progress.done else {
            samples = []
            return
        }
        if let last = samples.last {
            // It began again.
            if done < last.done { samples = [] } else if time <= last.time { return }
        }
        if samples.count > 1, time < samples[samples.count - 2].time + window / Self.samplesInWindow {
            samples.removeLast()
        }
        samples.append(Sample(time: time, done: done))
        // The first one kept is the last one before the window, so that the window is measured whole.
        while samples.count > 2, samples[1].time <= time - window { samples.removeFirst() }
    }

    /// Recipients a second; nil before there is something to measure, 0 after nothing moved for a whole window.
    public var rate: Double? {
        guard let first = samples.first, let last = samples.last else { return nil }
        let span = last.time - first.time
        guard span >= shortestSpan else { return nil }
        let moved = moved
        if moved <= 0 { return span >= window ? 0 : nil }
        return moved / span.asSeconds
    }

    /// How many were done within what is measured.
    public var moved: Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        // As floating point numbers: the difference of any two whole ones fits.
        return Double(last.done) - Double(first.done)
    }

    /// How long it still takes at this pace; nil where it does not move, and where nobody knows how many there are in
    /// all or all are done.
    public var secondsLeft: Double? {
        guard let rate, rate > 0, let total, let done = samples.last?.done, done < total else { return nil }
        let seconds = (Double(total) - Double(done)) / rate
        return seconds <= Self.horizonSeconds ? seconds : nil
    }
}

extension Duration {
    /// With their fraction.
    fileprivate var asSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
