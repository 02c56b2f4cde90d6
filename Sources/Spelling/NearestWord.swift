/// Finds the word that somebody meant.
public enum NearestWord {
    /// Longer texts are no typing error of a known word, and would cost quadratic time.
    private static let lengthLimit = 64

    /// The word of `words` with the fewest edits (insert, delete, replace, swap of neighbours) from `text`: two at
    /// most, and fewer than half of its length.
    public static func of(_ text: String, in words: [String]) -> String? {
        guard text.count <= lengthLimit else { return nil }
        let allowed = min(2, (text.count - 1) / 2)
        let ranked = words.map { (word: $0, distance: distance(from: Array(text), to: Array($0))) }
        return ranked.filter { $0.distance <= allowed }.min { $0.distance < $1.distance }?.word
    }

    /// The optimal string alignment distance.
    private static func distance(from: [Character], to: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...to.count)
        for (row, left) in from.enumerated() {
            var current = [row + 1]
            for (column, right) in to.enumerated() {
                var best = min(current[column] + 1, last[column + 1] + 1, last[column] + (left == right ? 0 : 1))
                if row > 0, column > 0, left == to[column - 1], from[row - 1] == right {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[to.count]
    }
}
