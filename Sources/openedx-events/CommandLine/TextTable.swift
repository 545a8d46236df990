/// Columns of text, aligned: text to the left, numbers to the right.
struct TextTable {
    /// A column's title, and whether numbers stand in it.
    struct Column {
        let title: String
        let isNumber: Bool

        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: Column...) { self.columns = columns }

    /// Adds a row with a cell for each column.
    mutating func add(_ cells: String...) { rows.append(cells) }

    /// The lines, the titles first.
    func lines(_ style: TextStyle) -> [String] {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                if columns[column].isNumber { return space + cells[column] }
                // Nothing behind the last cell, so that lines end where their text does.
                return column == cells.count - 1 ? cells[column] : cells[column] + space
            }
            return padded.joined(separator: "  ")
        }
        return [style.bold(line(titles))] + rows.map(line)
    }
}
