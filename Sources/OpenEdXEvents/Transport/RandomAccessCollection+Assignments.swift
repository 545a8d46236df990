extension RandomAccessCollection where Index == Int {
    /// The index of what is read under an assignment, in a collection in the order of assignment numbers.
    ///
    /// - Parameter recent: Where the assignment before was found: a good guess, since deliveries come in runs.
    @inlinable
    package func index(
        of id: AssignmentID, near recent: Int, by assignment: (Element) -> AssignmentID
    ) -> Int? {
        if indices.contains(recent), assignment(self[recent]) == id { return recent }
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if assignment(self[middle]) < id { low = middle + 1 } else { high = middle }
        }
        return low < endIndex && assignment(self[low]) == id ? low : nil
    }
}
