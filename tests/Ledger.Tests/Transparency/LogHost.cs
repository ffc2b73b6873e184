using System.Text;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Transparency;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>The ledger's real host with its log, and somebody in Verification's place who confirms.</summary>
public sealed class LogHost : IAsyncLifetime
{
    /// <summary>Signs in these tests: 32 bytes in base64.</summary>
    public const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static readonly Guid Organisation = Guid.CreateVersion7();
    private TestAuthority authority = null!;
    private TestPublisher verification = null!;
    private TestPublisher vacancies = null!;

    public ServiceHost<Entry> Service { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>The database's connection string.</summary>
    public string ConnectionString { get; private set; } = "";

    public ServiceSettings Settings { get; private set; } = null!;

    public NoteVerifier Verifier { get; } = new NoteSigner("volunteerbook.example/ledger", Convert.FromBase64String(Key)).Verifier;

    public async ValueTask InitializeAsync()
    {
        authority = await TestAuthority.StartAsync();
        verification = await TestPublisher.StartAsync("verification");
        vacancies = await TestPublisher.StartAsync("vacancies");
        ConnectionString = await TestInfrastructure.CreateDatabaseAsync("ledger");
        Database = NpgsqlDataSource.Create(ConnectionString);
        Settings = ServiceSettings.For("ledger", ConnectionString, await TestInfrastructure.CreateVirtualHostAsync(), authority)
            .WithService("verification", verification.Address)
            .WithService("vacancies", vacancies.Address)
            .With("CatchUp:Interval", "00:00:00.2")
            .With("Log:CheckpointInterval", "00:00:00.1")
            .With("Logging:LogLevel:MassTransit", "None")
            .With(LogKey.Setting, Key);
        Service = await ServiceHost.StartAsync<Entry>(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        await verification.DisposeAsync();
        await vacancies.DisposeAsync();
        await authority.DisposeAsync();
    }

    public HttpClient Volunteer(Guid? id = null) => Service.Client(Token(id ?? Guid.CreateVersion7()));

    /// <summary>What a volunteer shows to another instance.</summary>
    public string Token(Guid id) => authority.PersonToken(id);

    public static async Task<Guid> SubmitAsync(HttpClient volunteer) => await (await volunteer.PostJsonAsync("/api/v1/entries",
        new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift()], "слова волонтёра", true))).IdAsync();

    /// <summary>Two events.</summary>
    public async Task<Guid> SubmitAsync() => await SubmitAsync(Volunteer());

    /// <summary>A third one.</summary>
    public void Confirm(Guid entry) =>
        verification.Publish(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, "a key's thumbprint", DateTimeOffset.UtcNow));

    /// <summary>Waits until so many events, or all that there are, are in a checkpoint; that is the answer.</summary>
    public Task<Checkpoint> SignedAsync(long least = 0, TimeSpan? within = null) => Eventually.Value(
        async () =>
        {
            var note = await Service.Client().GetByteArrayAsync(new Uri("/api/v1/log/checkpoint", UriKind.Relative));
            var signed = Checkpoint.Open(note, Verifier).ShouldNotBeNull(Encoding.UTF8.GetString(note));
            signed.Size.ShouldBeGreaterThanOrEqualTo(Math.Max(least, await CountAsync("select count(*) from mt_events")));
            return signed;
        },
        within);

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<AuditReport> AuditAsync(Checkpoint? outside = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        return await new Audit(connection, Verifier).RunAsync(outside, TestContext.Current.CancellationToken);
    }
}
