namespace VolunteerBook.Evidence.Statements;

/// <summary>A row evidences one shift, and a shift has one row.</summary>
public static class OneToOne
{
    /// <summary>
    /// Gives shifts rows, as many as can have one of their own; of these each has the one it would sooner have, as far as no earlier shift goes without. What
    /// comes out follows from the order of the shifts and of their rows alone.
    /// </summary>
    /// <param name="rowsOfShifts">By shift the rows that would do, the preferred first.</param>
    /// <returns>By shift its row, or null.</returns>
    public static IReadOnlyList<int?> Assign(IReadOnlyList<IReadOnlyList<int>> rowsOfShifts)
    {
        ArgumentNullException.ThrowIfNull(rowsOfShifts);
        var shiftOfRow = new Dictionary<int, int>();
        for (var shift = 0; shift < rowsOfShifts.Count; shift++)
        {
            Seat(shift, []);
        }

        var rows = new int?[rowsOfShifts.Count];
        foreach (var (row, shift) in shiftOfRow)
        {
            rows[shift] = row;
        }

        return rows;

        // First a row that is free; else one whose shift can take another.
        bool Seat(int shift, HashSet<int> tried)
        {
            foreach (var row in rowsOfShifts[shift])
            {
                if (!shiftOfRow.ContainsKey(row))
                {
                    shiftOfRow[row] = shift;
                    return true;
                }
            }

            foreach (var row in rowsOfShifts[shift])
            {
                if (tried.Add(row) && Seat(shiftOfRow[row], tried))
                {
                    shiftOfRow[row] = shift;
                    return true;
                }
            }

            return false;
        }
    }
}
