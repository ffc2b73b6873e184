using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Shouldly;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Architecture.Tests;

/// <summary>
/// The stores of the services that store events (Reporting does not), read from their configuration: which aggregate each event belongs to, and what
/// projections take up.
/// </summary>
public sealed partial class StoreTests
{
    private static readonly (string Service, Action<StoreOptions> Configure)[] Stores =
    [
        ("profiles", Profiles.ProfilesStore.Configure), ("ledger", Ledger.LedgerStore.Configure), ("verification", Verification.VerificationStore.Configure),
        ("vacancies", Vacancies.VacanciesStore.Configure),
    ];

    public static TheoryData<string> Services => [.. Stores.Select(store => store.Service)];

    private static StoreOptions Configured(string service)
    {
        var options = new StoreOptions();
        Stores.Single(store => store.Service == service).Configure(options);
        return options;
    }

    private static IEnumerable<Type> Events(StoreOptions options) =>
        ((IReadOnlyStoreOptions)options).Events.AllKnownEventTypes().Select(known => known.EventType)
            .Where(type => type.Namespace!.StartsWith("VolunteerBook", StringComparison.Ordinal));

    /// <summary>By aggregate the events of ours that it is made of by its conventions.</summary>
    private static Dictionary<Type, List<Type>> Aggregates(StoreOptions options) =>
        options.Projections.All.OfType<IAggregateProjection>().Where(made => !Is(made, typeof(ViewOf<,>))).ToDictionary(
            made => made.AggregateType,
            made => ((IEnumerable<Type>)(Is(made, typeof(OwnStreams<>)) ? ((dynamic)made).Events : made.AllEventTypes))
                .Where(type => type.Assembly == made.AggregateType.Assembly).ToList());

    private static bool Is(object projection, Type kind) => projection.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == kind;

    [Theory]
    [MemberData(nameof(Services))]
    public void each_event_belongs_to_one_aggregate_and_moves_its_version(string service)
    {
        var options = Configured(service);
        var aggregates = Aggregates(options);
        var owners = Events(options)
            .Select(type =>
                $"{type.Name}: {string.Join(", ", aggregates.Where(aggregate => aggregate.Value.Contains(type)).Select(aggregate => aggregate.Key.Name))}")
            .ToList();
        owners.ShouldNotBeEmpty();
        owners.Where(owner => owner.EndsWith(": ", StringComparison.Ordinal) || owner.Contains(", ", StringComparison.Ordinal)).ShouldBeEmpty();
        // What is not mapped has no name that is for ever.
        aggregates.SelectMany(aggregate => aggregate.Value).Except(Events(options)).ShouldBeEmpty();
    }

    /// <summary>
    /// An upcast takes the place of the mapping of its name. Where both are there, what is written today is read as what was written before, without a word.
    /// </summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void what_is_upcast_is_stored_under_no_name_of_today(string service) => MappedAndUpcast(Configured(service)).ShouldBeEmpty();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void a_name_that_is_mapped_and_upcast_is_found_whichever_comes_first(bool toTheSame, bool mappedFirst)
    {
        var options = new StoreOptions();
        Action[] both =
        [
            () => options.Events.MapEventType(toTheSame ? typeof(Now) : typeof(Before), "counted"),
            () => options.Events.Upcast<Before, Now>("counted", old => new(old.By, "pieces")),
        ];
        foreach (var register in mappedFirst ? both : both.Reverse())
        {
            register();
        }

        MappedAndUpcast(options).ShouldBe(["counted"]);
    }

    /// <summary>Names under which something is stored today and which are read as something else.</summary>
    private static IEnumerable<string> MappedAndUpcast(StoreOptions options) =>
        ((IReadOnlyStoreOptions)options).Events.AllKnownEventTypes()
            .Where(known => !ReferenceEquals(ReadAs((EventGraph)options.Events, known.EventTypeName), known)).Select(known => known.EventTypeName);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "EventMappingFor")]
    private static extern EventMapping ReadAs(EventGraph events, string name);

    private sealed record Before(int By);

    private sealed record Now(int Amount, string Unit);

    /// <summary>What is not known to the store has no table where a start makes none, in Production.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void every_document_that_is_read_or_kept_is_known_to_the_store(string service)
    {
        var options = Configured(service);
        options.Connection("Host=nowhere");
        using var store = new DocumentStore(options);
        var known = ((IReadOnlyStoreOptions)options).AllKnownDocumentTypes().Select(document => document.DocumentType.Name).ToList();
        var ours = Stores.Single(one => one.Service == service).Configure.Method.DeclaringType!.Assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var folder = Path.Combine(ArchitectureTests.Root, "services", $"{char.ToUpperInvariant(service[0])}{service[1..]}");
        var used = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Documents().Matches(File.ReadAllText(file)).SelectMany(match => match.Groups.Values.Skip(1).Select(group => group.Value)))
            .Where(ours.Contains).Distinct().ToList();
        used.ShouldNotBeEmpty();
        used.Except(known).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\.(?:LoadAsync|LoadManyAsync|Query|QueryAsync|Delete|HardDelete)<(\w+)>\(|\.(?:Insert|Store)\(new (\w+)")]
    private static partial Regex Documents();

    [Theory]
    [MemberData(nameof(Services))]
    public void what_is_kept_of_an_aggregate_is_made_of_its_own_streams_and_what_else_is_kept_of_events_that_belong_to_one(string service)
    {
        var options = Configured(service);
        var aggregates = Aggregates(options);
        var owned = aggregates.SelectMany(aggregate => aggregate.Value).ToList();
        foreach (var kept in options.Projections.All.Where(projection => projection.Lifecycle != ProjectionLifecycle.Live))
        {
            if (Is(kept, typeof(ViewOf<,>)))
            {
                // Of one aggregate, all of its events; and the aggregate is not kept beside it, where the two could differ.
                var shown = kept.GetType().GetGenericArguments()[1];
                ((IEnumerable<Type>)((dynamic)kept).Events).Where(type => type.Assembly == shown.Assembly).ShouldBe(aggregates[shown], ignoreOrder: true);
                options.Projections.All.OfType<IAggregateProjection>().Single(made => made.AggregateType == shown).Lifecycle.ShouldBe(ProjectionLifecycle.Live);
            }
            else if (kept is IAggregateProjection)
            {
                Is(kept, typeof(OwnStreams<>)).ShouldBeTrue(kept.Name);
            }
            else
            {
                var taken = ((ProjectionBase)kept).IncludedEventTypes;
                taken.ShouldNotBeEmpty(kept.Name);
                taken.Except(owned).ShouldBeEmpty(kept.Name);
            }
        }
    }
}
