using System.Runtime.CompilerServices;
using System.Text.Json;
using Shouldly;

namespace VolunteerBook.Testing;

/// <summary>Where in a service's database personal data lies: nowhere but in the tables that docs/contexts.md lists.</summary>
public static class PersonalDataTables
{
    /// <summary>Looks for these texts, as text and as bytes, in every table of the database.</summary>
    /// <param name="database">Its connection string.</param>
    /// <param name="service">The service as the list names it.</param>
    /// <param name="texts">A name, an address: what the test has put in.</param>
    public static async Task ShouldBeAsListedAsync(string database, string service, params string[] texts)
    {
        foreach (var text in texts)
        {
            (await HoldingAsync(database, text)).Except(Listed(service)).ShouldBeEmpty($"«{text}» lies there; docs/contexts.md does not say so");
        }
    }

    /// <summary>Tables of the whole database that have this text anywhere, as text or as bytes, as it is or as JSON may write it.</summary>
    public static async Task<IReadOnlyList<string>> HoldingAsync(string database, string text)
    {
        var tables = await Sql.ColumnAsync<string>(
            database,
            "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_type = 'BASE TABLE' "
                + "and table_schema not in ('pg_catalog', 'information_schema')");
        var holding = new List<string>();
        var spellings = new[] { text, JsonEncodedText.Encode(text).ToString() };
        foreach (var table in tables)
        {
            var found = await Sql.ColumnAsync<long>(
                database,
                $"select count(*) from {table} t, unnest($1) spelling where position(spelling in t::text) > 0 or position(encode(convert_to(spelling, 'UTF8'), "
                    + "'hex') in t::text) > 0",
                [spellings]);
            if (found[0] > 0)
            {
                holding.Add(table);
            }
        }

        return holding;
    }

    /// <summary>Rows of the form | Ledger | `public.extract_files` | what and why | of the section «Where personal data lies».</summary>
    private static HashSet<string> Listed(string service, [CallerFilePath] string here = "") =>
        [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/contexts.md"))
            .SkipWhile(line => line != "## Where personal data lies")
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(row => row.Length > 3 && row[1] == service)
            .SelectMany(row => row[2].Split(',', StringSplitOptions.TrimEntries))
            .Select(table => table.Trim('`'))];
}
