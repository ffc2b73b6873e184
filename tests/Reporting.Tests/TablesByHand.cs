using Npgsql;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Volunteers;
using VolunteerBook.Testing;

namespace VolunteerBook.Reporting.Tests;

/// <summary>The tables of all read models in a database of their own, filled by a test without a service.</summary>
public sealed class TablesByHand : IAsyncLifetime
{
    private NpgsqlDataSource database = null!;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestInfrastructure.CreateDatabaseAsync("reporting-tables"));
        await using var make = database.CreateCommand($"create schema f; {HoursTables.Make("f")} {OrganisationTables.Make("f")}; {VolunteerTables.Make("f")}");
        await make.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>
    /// Fills empty tables with what is said, one word after the other, and tells what a query finds then; the tables are empty again afterwards.
    /// </summary>
    public Task<string> ToldAsync(IEnumerable<object> words, string query, params object[] values) => ToldAsync(words, 1, query, values);

    /// <summary>The same with so many words taken together.</summary>
    public async Task<string> ToldAsync(IEnumerable<object> words, int together, string query, params object[] values)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var page in words.Chunk(together))
        {
            await using var into = new Filling("f", transaction);
            foreach (var word in page)
            {
                Fill(word, into);
            }

            await into.RunAsync(TestContext.Current.CancellationToken);
        }

        await using var command = new NpgsqlCommand(query, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync() as string ?? "";
    }

    private static void Fill(object word, Filling into)
    {
        var received = new Received(Guid.CreateVersion7(), "somebody", 1, Given.At, null);
        switch (word)
        {
            case EntrySubmittedV1 e: WhenEntryChanged.Submitted(e, received, into); break;
            case EntryWithdrawnV1 e: WhenEntryChanged.Withdrawn(e, received, into); break;
            case EntryConfirmedV1 e: WhenEntryChanged.Confirmed(e, received, into); break;
            case EntryDeclinedV1 e: WhenEntryChanged.Declined(e, received, into); break;
            case EntryRevokedV1 e: WhenEntryChanged.Revoked(e, received, into); break;
            case OrganisationApprovedV1 e: OrganisationTables.WhenApproved(e, received, into); break;
            case VolunteerRegisteredV1 e: VolunteerTables.WhenRegistered(e, received, into); break;
            default: throw new ArgumentOutOfRangeException(nameof(word));
        }
    }
}
