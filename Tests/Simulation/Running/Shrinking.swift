import FoundationEssentials
import Glibc

/// Makes a story that breaks a promise as short as it stays broken: acts are left out in ever smaller pieces, and its
/// end comes as early as it can (delta debugging).
struct Shrinking {
    let run: ChildRun

    func shrink(_ plot: Plot) -> Plot {
        var plot = plot
        var size = max(1, plot.acts.count / 2)
        while size >= 1 {
            var start = 0
            while start < plot.acts.count {
                // As many candidates at once as run at a time: the first that is still broken is taken.
                let starts = Array(stride(from: start, to: plot.acts.count, by: size).prefix(run.jobs))
                let candidates = starts.map { plot.without($0..<min($0 + size, plot.acts.count)) }
                if let found = firstBroken(candidates) {
                    plot = candidates[found]
                    start = starts[found]
                } else {
                    start += size * starts.count
                }
            }
            size = size == 1 ? 0 : size / 2
        }
        var hours = 1
        while hours < plot.hours {
            var shorter = plot
            shorter.hours = hours
            if firstBroken([shorter]) != nil { return shorter }
            hours *= 2
        }
        return plot
    }

    private func firstBroken(_ plots: [Plot]) -> Int? {
        let files = plots.indices.map { "\(run.folder)/plot\($0)" }
        defer { for file in files { unlink(file) } }
        for (file, plot) in zip(files, plots) {
            guard let data = try? JSONEncoder().encode(plot), (try? data.write(to: URL(filePath: file))) != nil else {
                return nil
            }
        }
        var broken: [Int] = []
        run.run(files.map { ["--plot", $0] }) { ended in
            if ended.result == nil || ended.result?.violation != nil { broken.append(ended.number) }
            return true
        }
        return broken.min()
    }
}

extension Plot {
    fileprivate func without(_ range: Range<Int>) -> Plot {
        var plot = self
        plot.acts.removeSubrange(range)
        return plot
    }
}
