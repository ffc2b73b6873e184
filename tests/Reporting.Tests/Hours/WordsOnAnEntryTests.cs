using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Reporting.Hours;

namespace VolunteerBook.Reporting.Tests.Hours;

/// <summary>What the ledger's words come to, without a service.</summary>
public sealed class WordsOnAnEntryTests(TablesByHand tables) : IClassFixture<TablesByHand>
{
    private static readonly Guid Entry = Guid.CreateVersion7();
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly EntryFacts Facts = Given.Facts(Guid.CreateVersion7(), Given.Shift("2026-05-09T10:00", 240));

    [Fact]
    public async Task a_submission_waits_and_a_confirmation_counts()
    {
        (await ToldAsync(Given.Submitted(Entry, Volunteer, Facts))).ShouldBe($"1 {FactStatus.Submitted:D} {Volunteer} waits 240");
        (await ToldAsync(Given.Submitted(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, Facts)))
            .ShouldBe($"1 {FactStatus.Confirmed:D} {Volunteer} counts 240");
    }

    [Fact]
    public async Task a_confirmation_counts_without_its_submission() =>
        (await ToldAsync(Given.Confirmed(Entry, Volunteer, Facts))).ShouldBe($"1 {FactStatus.Confirmed:D} {Volunteer} counts 240");

    [Fact]
    public async Task a_submission_that_comes_after_its_decision_changes_nothing()
    {
        await ChangesNothingAsync(Given.Submitted(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, Facts));
        await ChangesNothingAsync(Given.Submitted(Entry, Volunteer, Facts), Given.Declined(Entry, Volunteer));
    }

    [Fact]
    public async Task a_repeat_changes_nothing()
    {
        await ChangesNothingAsync(Given.Submitted(Entry, Volunteer, Facts), Given.Submitted(Entry, Volunteer, Facts));
        await ChangesNothingAsync(Given.Confirmed(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, Facts));
        await ChangesNothingAsync(Given.Declined(Entry, Volunteer), Given.Declined(Entry, Volunteer));
        await ChangesNothingAsync(Given.Withdrawn(Entry, Volunteer, Facts), Given.Withdrawn(Entry, Volunteer, Facts));
    }

    [Fact]
    public async Task a_word_about_an_earlier_submission_changes_nothing()
    {
        var second = Given.Submitted(Entry, Volunteer, Facts, revision: 2);
        await ChangesNothingAsync(Given.Declined(Entry, Volunteer, revision: 1), second);
        await ChangesNothingAsync(Given.Confirmed(Entry, Volunteer, Facts, revision: 1), second);
        (await ToldAsync(second, Given.Confirmed(Entry, Volunteer, Facts, revision: 2))).ShouldNotBe(await ToldAsync(second));
    }

    [Fact]
    public async Task a_returned_entry_counts_as_it_was_submitted_again()
    {
        var changed = Given.Facts(Facts.OrganisationId, Given.Shift("2026-05-09T10:00", 180));
        (await ToldAsync(
            Given.Submitted(Entry, Volunteer, Facts), Given.Declined(Entry, Volunteer),
            Given.Submitted(Entry, Volunteer, changed, 2), Given.Confirmed(Entry, Volunteer, changed, 2)))
            .ShouldBe($"2 {FactStatus.Confirmed:D} {Volunteer} counts 180");
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task amended_revoked_and_amended_again_counts_once_or_not_at_all()
    {
        var less = Given.Facts(Facts.OrganisationId, Given.Shift("2026-05-09T10:00", 180));
        object[] amended = [Given.Submitted(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, less, 2)];
        (await ToldAsync(amended)).ShouldBe($"2 {FactStatus.Confirmed:D} {Volunteer} counts 180");
        object[] revoked = [.. amended, Given.Revoked(Entry, Volunteer, 2)];
        (await ToldAsync(revoked)).ShouldBe($"2 {FactStatus.Revoked:D}");
        // The late word about the confirmation before the last changes nothing.
        await ChangesNothingAsync(Given.Confirmed(Entry, Volunteer, Facts), revoked);
        await ChangesNothingAsync(Given.Revoked(Entry, Volunteer, 1), amended);
        (await ToldAsync([.. revoked, Given.Confirmed(Entry, Volunteer, Facts, 3)])).ShouldBe($"3 {FactStatus.Confirmed:D} {Volunteer} counts 240");
    }

    [Fact]
    public Task any_order_and_any_repetition_of_the_words_ends_in_the_same_state() =>
        (from words in Histories.OfOneEntry
         from order in Gen.Shuffle(words.Concat(words).ToArray())
         select (words, order)).SampleAsync(async drawn => (await EverythingAsync(drawn.order)).ShouldBe(await EverythingAsync(drawn.words)), threads: 1);

    [Fact]
    public Task however_many_words_are_taken_together_the_tables_are_the_same() =>
        (from words in Histories.OfSomeEntries
         from together in Gen.Int[2, words.Length + 1]
         select (words, together)).SampleAsync(
            async drawn => (await EverythingAsync(drawn.words, drawn.together)).ShouldBe(await EverythingAsync(drawn.words)), threads: 1);

    [Fact]
    public async Task an_organisations_name_is_the_latest_that_profiles_told()
    {
        var second = new OrganisationApprovedV1(Guid.CreateVersion7(), "Новое имя", "RU-MOW", 5, Given.At);
        (await NameAsync(second)).ShouldBe("Новое имя");
        (await NameAsync(second, second)).ShouldBe("Новое имя");
        (await NameAsync(second, second with { Name = "Старое имя", Version = 2 })).ShouldBe("Новое имя");
        (await NameAsync(second, second with { Name = "Третье", Version = 6 })).ShouldBe("Третье");

        Task<string> NameAsync(params OrganisationApprovedV1[] told) => tables.ToldAsync(told, "select name from f.organisations");
    }

    [Fact]
    public async Task a_volunteer_is_counted_once()
    {
        var registered = new VolunteerRegisteredV1(Guid.CreateVersion7(), "RU-SPE", Given.At);
        (await tables.ToldAsync([registered, registered], "select region || ' ' || volunteers from f.registered_volunteers")).ShouldBe("RU-SPE 1");
    }

    private async Task ChangesNothingAsync(object late, params object[] before) =>
        (await EverythingAsync([.. before, late])).ShouldBe(await EverythingAsync(before));

    /// <summary>What is known of the entry, and what of it is in the figures.</summary>
    private Task<string> ToldAsync(params object[] words) => tables.ToldAsync(
        words,
        """
        select concat_ws(' ', revision, status, (
            select concat_ws(' ', volunteer_id, case when confirmed then 'counts' else 'waits' end, minutes)
            from f.hours where hours.entry_id = entries.entry_id))
        from f.entries where entry_id = $1
        """, Entry);

    private Task<string> EverythingAsync(IEnumerable<object> words, int together = 1) => tables.ToldAsync(
        words,
        together,
        """
        select concat_ws(E'\n', (select string_agg(e::text, E'\n' order by e::text) from f.entries e),
            (select string_agg(h::text, E'\n' order by h::text) from f.hours h),
            (select string_agg(t::text, E'\n' order by t::text) from f.totals t where entries <> 0 or minutes <> 0))
        """);
}
